"""What an option in the rules file holds beyond its Python type: annotations that the rules' reader knows."""

from typing import Annotated, TypeAlias

Regex: TypeAlias = Annotated[str, "regex"]
"""Searched for with RE2."""

FilePath: TypeAlias = Annotated[str, "file path"]
"""From the repository's root."""

PackageId: TypeAlias = Annotated[str, "package id"]
"""A package that the rules define."""

RoleId: TypeAlias = Annotated[str, "role id"]
"""A role that the rules define."""

PathGlob: TypeAlias = Annotated[str, "path glob"]
"""As in `.gitignore`, from the repository's root."""

TeamName: TypeAlias = Annotated[str, "team"]
"""As `org/slug`."""

WorkflowFile: TypeAlias = Annotated[str, "workflow file"]
"""A file name below `.github/workflows`, or the whole path."""

AppSlug: TypeAlias = Annotated[str, "App's slug"]
"""What the App's page at github.com/apps/ ends with."""

Login: TypeAlias = Annotated[str, "login"]
"""As REST spells it: an App's ends in `[bot]`."""

Event: TypeAlias = Annotated[str, "event"]
"""What starts a workflow."""

Conclusion: TypeAlias = Annotated[str, "conclusion"]
"""How a check run or a workflow run ends."""
