"""Cut GitHub's published contracts down to what the sandbox and its tests use.

Run as `python tests/contract/cut.py CONTRACT_DIR [DOCUMENT.graphql …]`, where CONTRACT_DIR holds GitHub's own
files, gzip-compressed; provenance is in the README beside this file. Pass every document the program sends.
"""

import dataclasses
import gzip
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_ast_schema,
    get_named_type,
    is_leaf_type,
    parse,
    visit,
)
from graphql.language import (
    DocumentNode,
    NamedTypeNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    print_ast,
)

HERE = Path(__file__).parent
SANDBOX = HERE.parents[1] / "bot" / "sandbox" / "contract"

REST_OPERATIONS = {
    "/app": ["get"],
    "/app/hook/deliveries": ["get"],
    "/app/hook/deliveries/{delivery_id}": ["get"],
    "/app/hook/deliveries/{delivery_id}/attempts": ["post"],
    "/app/installations": ["get"],
    "/app/installations/{installation_id}": ["get"],
    "/app/installations/{installation_id}/access_tokens": ["post"],
    "/installation/repositories": ["get"],
    "/orgs/{org}/memberships/{username}": ["get"],
    "/orgs/{org}/teams/{team_slug}/members": ["get"],
    "/orgs/{org}/teams/{team_slug}/memberships/{username}": ["get"],
    "/repos/{owner}/{repo}": ["get"],
    "/repos/{owner}/{repo}/actions/runs": ["get"],
    "/repos/{owner}/{repo}/activity": ["get"],
    "/repos/{owner}/{repo}/branches/{branch}": ["get"],
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ["get"],
    "/repos/{owner}/{repo}/installation": ["get"],
    "/repos/{owner}/{repo}/collaborators/{username}/permission": ["get"],
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}/check-runs": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}/check-suites": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}/status": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}/statuses": ["get"],
    "/repos/{owner}/{repo}/compare/{basehead}": ["get"],
    "/repos/{owner}/{repo}/contents/{path}": ["get"],
    "/repos/{owner}/{repo}/git/trees/{tree_sha}": ["get"],
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ["get"],
    "/repos/{owner}/{repo}/labels": ["get"],
    "/repos/{owner}/{repo}/pulls": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}/commits": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}/files": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews": ["get"],
}

WEBHOOKS = {
    "check_run": ["completed", "created", "requested_action", "rerequested"],
    "check_suite": ["completed", "requested", "rerequested"],
    "create": [""],
    "delete": [""],
    "deployment_status": ["created"],
    "installation": ["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"],
    "issue_comment": ["created", "deleted", "edited"],
    "merge_group": ["checks_requested", "destroyed"],
    "ping": [""],
    "pull_request": [
        *("closed", "converted_to_draft", "edited", "labeled", "opened"),
        *("ready_for_review", "reopened", "synchronize", "unlabeled"),
    ],
    "pull_request_review": ["dismissed", "edited", "submitted"],
    "push": [""],
    "status": [""],
    "workflow_run": ["completed", "in_progress", "requested"],
}


def main(contracts: Path, documents: list[Path]) -> None:
    """Write every cut anew."""
    sdl = _text(contracts / "schema.graphql.gz")
    texts = [path.read_text() for path in (SANDBOX / "reach.graphql", *documents)]
    (SANDBOX / "schema.graphql").write_text(cut_schema(sdl, texts))
    rest = json.loads(_text(contracts / "openapi-api.github.com.json.gz"))
    _write(HERE / "openapi.json.gz", cut_rest(rest))
    hooks = json.loads(_text(contracts / "openapi-webhooks-api.github.com.json.gz"))
    _write(HERE / "webhooks.json.gz", cut_webhooks(hooks))
    shutil.copyfile(contracts / "webhook-examples.json.gz", HERE / "webhook-examples.json.gz")


def cut_schema(sdl: str, documents: list[str]) -> str:
    """The types that the documents touch, each with every field whose own type is touched or a leaf."""
    tree = parse(sdl, no_location=True)
    schema = build_ast_schema(tree, assume_valid=True, assume_valid_sdl=True)
    touched = {"Query", "Mutation"}
    for text in documents:
        touched |= _touched(schema, parse(text))
    fields = {name: _kept_fields(schema, name, touched) for name in touched}
    kept = touched | _inputs_and_leaves(schema, fields)
    definitions = tuple(
        _cut_definition(node, kept, fields)
        for node in tree.definitions
        if isinstance(node, TypeDefinitionNode) and node.name.value in kept
    )
    text = print_ast(DocumentNode(definitions=definitions))
    build_ast_schema(parse(text))
    return text + "\n"


def _touched(schema: GraphQLSchema, document: DocumentNode) -> set[str]:
    seen: set[str] = set()
    info = TypeInfo(schema)

    class Collect(Visitor):
        def enter(self, *_: Any) -> None:
            for found in (info.get_type(), info.get_parent_type()):
                if found is not None:
                    seen.add(get_named_type(found).name)

    visit(document, TypeInfoVisitor(info, Collect()))
    return {name for name in seen if not is_leaf_type(schema.type_map[name])}


def _fields(kind: GraphQLNamedType) -> dict[str, Any]:
    return dict(getattr(kind, "fields", {}))


def _kept_fields(schema: GraphQLSchema, name: str, touched: set[str]) -> set[str]:
    def stays(field: Any) -> bool:
        named = get_named_type(field.type)
        return is_leaf_type(named) or named.name in touched

    kept = {key for key, field in _fields(schema.type_map[name]).items() if stays(field)}
    # Every query and mutation of GitHub would drag hundreds of input types along.
    return kept - {"resource"} if name == "Query" else kept


def _inputs_and_leaves(schema: GraphQLSchema, fields: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting: list[GraphQLNamedType] = []
    for name, keys in fields.items():
        own = _fields(schema.type_map[name])
        for key in keys:
            waiting.append(get_named_type(own[key].type))
            waiting += [get_named_type(argument.type) for argument in own[key].args.values()]
    while waiting:
        kind = waiting.pop()
        if kind.name in found or kind.name in fields:
            continue
        found.add(kind.name)
        if not is_leaf_type(kind):
            waiting += [get_named_type(field.type) for field in _fields(kind).values()]
    return found


def _cut_definition(node: Any, kept: set[str], fields: dict[str, set[str]]) -> Any:
    if isinstance(node, UnionTypeDefinitionNode):
        return _bare(node, types=_named(node.types, kept))
    changes: dict[str, Any] = {}
    if getattr(node, "interfaces", None):
        changes["interfaces"] = _named(node.interfaces, kept)
    if getattr(node, "fields", None):
        own = fields.get(node.name.value)
        changes["fields"] = tuple(
            _bare(field) for field in _unique(node.fields) if own is None or field.name.value in own
        )
    if getattr(node, "values", None):
        changes["values"] = tuple(_bare(value) for value in node.values)
    return _bare(node, **changes)


def _named(nodes: tuple[NamedTypeNode, ...] | None, kept: set[str]) -> tuple[NamedTypeNode, ...]:
    return tuple(node for node in nodes or () if node.name.value in kept)


def _unique(nodes: tuple[Any, ...]) -> Iterator[Any]:
    yield from {node.name.value: node for node in nodes}.values()


def _bare(node: Any, **changes: Any) -> Any:
    if getattr(node, "arguments", None):
        changes["arguments"] = tuple(_bare(argument) for argument in node.arguments)
    return dataclasses.replace(node, description=None, directives=(), **changes)


def cut_rest(document: dict[str, Any]) -> dict[str, Any]:
    """The success responses of the operations in use, as JSON Schemas by `METHOD path status`."""
    answers: dict[str, Any] = {}
    for path, methods in REST_OPERATIONS.items():
        for method in methods:
            for status, response in document["paths"][path][method]["responses"].items():
                content = _resolved(document, response).get("content", {}).get("application/json")
                if status.startswith("2") and content:
                    answers[f"{method.upper()} {path} {status}"] = content["schema"]
    return {**_with_components(document, answers), "queries": _queries(document)}


def _queries(document: dict[str, Any]) -> dict[str, list[str]]:
    """The query parameters of each operation in use."""
    found: dict[str, list[str]] = {}
    for path, methods in REST_OPERATIONS.items():
        for method in methods:
            given = [_resolved(document, one) for one in document["paths"][path][method].get("parameters", ())]
            found[f"{method.upper()} {path}"] = sorted(one["name"] for one in given if one["in"] == "query")
    return found


def cut_webhooks(document: dict[str, Any]) -> dict[str, Any]:
    """The payload schemas of the events in use, by `event action`."""
    payloads: dict[str, Any] = {}
    for event, actions in WEBHOOKS.items():
        for action in actions:
            name = "-".join(filter(None, (event, action))).replace("_", "-")
            body = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]
            payloads[f"{event} {action}".strip()] = body["schema"]
    return _with_components(document, payloads)


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    for part in node["$ref"].removeprefix("#/").split("/"):
        document = document[part]
    return document


def _with_components(document: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    waiting = [name for schema in wanted.values() for name in _references(schema)]
    while waiting:
        name = waiting.pop()
        if name not in definitions:
            definitions[name] = document["components"]["schemas"][name]
            waiting += _references(definitions[name])
    return {
        "schemas": {key: _json_schema(schema) for key, schema in sorted(wanted.items())},
        "$defs": {key: _json_schema(schema) for key, schema in sorted(definitions.items())},
    }


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"].rsplit("/", 1)[1]] if isinstance(node.get("$ref"), str) else []
        return own + [name for value in node.values() for name in _references(value)]
    if isinstance(node, list):
        return [name for value in node for name in _references(value)]
    return []


def _json_schema(node: Any) -> Any:
    """OpenAPI's dialect as JSON Schema: `nullable` becomes a type, prose and examples go."""
    if isinstance(node, list):
        return [_json_schema(value) for value in node]
    if not isinstance(node, dict):
        return node
    prose = {"description", "example", "examples", "externalDocs", "deprecated", "x-github"}
    schema = {
        key: _json_schema(value)
        for key, value in node.items()
        if not (key in prose and isinstance(value, str | bool | list)) and key not in ("nullable", "externalDocs")
    }
    if isinstance(schema.get("$ref"), str):
        schema["$ref"] = "#/$defs/" + schema["$ref"].rsplit("/", 1)[1]
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nullable") is True else schema


def _text(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
