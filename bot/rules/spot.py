"""A value of the rules file with its place, and how mappings and lists of such values are read."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from bot.gate.markup import code, listed
from bot.gate.spelling import nearest
from bot.rules.document import Broken, Listing, Node, Path, Scalar, Table, dotted
from bot.rules.faults import Faults, Mark

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What readers share."""

    faults: Faults
    roles: Collection[str] = ()
    """The ids of all roles, read or not."""
    items: Collection[str] = ()
    """The ids of all items, read or not."""
    is_default: bool = True
    """The rules are the default branch's, as far as is known."""
    is_gate: bool = True
    """They are to ask something of a release."""
    areas: Collection[str] = ()
    """The ids of all areas, read or not."""
    packages: Collection[str] = ()
    """The ids of all packages, read or not."""
    has_version_files: bool = False
    """Whether `semver` names files that carry the version."""
    item: str = ""
    """The item that is being read, and below it its tier as written."""
    tier: object = None
    beside: tuple[str, ...] = ()
    """The keys in the list of evidence that is being read."""
    is_negated: bool = False
    """Below `not`."""
    is_alone: bool = True
    """Nothing else has to hold for the item to be met."""
    waits: list["Wait"] = field(default_factory=list)
    """What was found to count from items so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """An item that counts from another one."""

    item: str
    since: str
    spot: "Spot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One value, where it stands and how it is reached."""

    node: Node
    context: Context
    path: Path = ()
    name: str = "the file"
    """What to call it in a sentence."""
    key_at: Mark | None = None
    """The place of its key, for what is wrong with the entry as a whole."""

    @property
    def value(self) -> object:
        """What a scalar holds; None for everything else."""
        return self.node.value if isinstance(self.node, Scalar) else None

    @property
    def seen(self) -> str:
        """What stands there, in words."""
        match self.node:
            case Table():
                return "a mapping"
            case Listing():
                return "a list"
            case Scalar(value=None):
                return "empty"
            case Scalar(text=text):
                return code(text, limit=40)
            case _:
                return "unreadable"

    def fault(self, message: str, *, at_key: bool = False) -> None:
        """Tells what is wrong with the value, or with the whole entry; what was told before stays told once."""
        if not isinstance(self.node, Broken):
            self.context.faults.add((self.key_at if at_key else None) or self.node.at, dotted(self.path), message)

    def warn(self, message: str, *, at_key: bool = False) -> None:
        """Tells what is not wise about it."""
        self.context.faults.warn((self.key_at if at_key else None) or self.node.at, dotted(self.path), message)

    def within(self, **context: Any) -> "Spot":  # noqa: ANN401 - fields of the context
        """The same value with more known about where it stands."""
        return replace(self, context=replace(self.context, **context))

    def entries(self) -> Iterator[tuple[str, "Spot"]]:
        """The entries of a mapping, none for anything else."""
        if isinstance(self.node, Table):
            for key, entry in self.node.entries.items():
                name = code(key, limit=60)
                yield key, self._inside(entry.node, key, name=name, key_at=entry.key_at)

    def elements(self) -> tuple["Spot", ...]:
        """The elements of a list; anything else stands for a list of one."""
        if not isinstance(self.node, Listing):
            return (self,)
        return tuple(
            self._inside(node, str(number), name=f"entry {number + 1} of {self.name}", key_at=node.at)
            for number, node in enumerate(self.node.items)
        )

    def _inside(self, node: Node, step: str, *, name: str, key_at: Mark) -> "Spot":
        return Spot(node=node, context=self.context, path=(*self.path, step), name=name, key_at=key_at)


Reader: TypeAlias = Callable[[Spot], T | None]
"""Turns a value into what it means; None when something is wrong with it, which is told by then."""


def is_table(spot: Spot, wanted: str) -> bool:
    """Whether there is a mapping with something in it; tells it when not."""
    if isinstance(spot.node, Table) and spot.node.entries:
        return True
    seen = "empty" if isinstance(spot.node, Table) else spot.seen
    spot.fault(f"{spot.name} is {seen}; write {wanted}", at_key=True)
    return False


def options(spot: Spot, known: Mapping[str, Reader[Any]], *, required: Collection[str] = ()) -> dict[str, Any] | None:
    """The options of a mapping, each read by its reader; None when anything is wrong with any, all of which is told."""
    told = len(spot.context.faults.found)
    values = readable(spot, known, required=required)
    is_whole = all(values.get(key) is not None for key in (*required, *values))
    is_whole = is_whole and len(spot.context.faults.found) == told
    return values if values and is_whole else None


def readable(spot: Spot, known: Mapping[str, Reader[Any]], *, required: Collection[str] = ()) -> dict[str, Any]:
    """The options of a mapping as far as they can be read, None for one that can't; what is wrong is told."""
    if not is_table(spot, f"the options {_names(known)}"):
        return {}
    present = dict(spot.entries())
    unknown = [key for key in present if key not in known]
    for key in unknown:
        where = f" in {spot.name}" if spot.path else ""
        key_at, path = present[key].key_at or spot.node.at, dotted((*spot.path, key))
        said = f"there is no option {code(key, limit=60)}{where}; {suggestion(key, known)}"
        spot.context.faults.add(key_at, path, said)  # whatever its value is
    missing = [key for key in required if key not in present]
    # One that is missing may be one that is misspelt.
    if missing and not any(nearest(key, missing) for key in unknown):
        verb = "is" if len(missing) == 1 else "are"
        spot.fault(f"{_names(missing)} {verb} missing in {spot.name}; add `{missing[0]}: …`", at_key=True)
    return {key: known[key](entry) for key, entry in present.items() if key in known}


@dataclass(frozen=True, slots=True)
class Many(Generic[T]):
    """Reads a list, or a single value as a list of one; an empty list is a fault where it says nothing."""

    reader: Reader[T]
    into: Callable[[list[T]], Collection[T]]
    may_be_empty: bool = False

    def __call__(self, spot: Spot) -> Collection[T] | None:
        """The values, if all of them can be read."""
        elements = spot.elements()
        if not elements and not self.may_be_empty:
            spot.fault(f"{spot.name} is an empty list; fill it or leave it out")
            return None
        values = [self.reader(element) for element in elements]
        known = [value for value in values if value is not None]
        return self.into(known) if len(known) == len(values) else None


def many(reader: Reader[T], into: Callable[[list[T]], Collection[T]] = tuple, *, may_be_empty: bool = False) -> Many[T]:
    """A list of such values."""
    return Many(reader, into, may_be_empty)


def suggestion(word: str, known: Iterable[str], others: str = "known here") -> str:
    """`did you mean …?`, or everything that is known."""
    meant = nearest(word, known, within=2 if len(word) > 3 else 1)  # noqa: PLR2004 - two of three letters are too many
    return f"did you mean `{meant}`?" if meant else f"{others}: {_names(known)}"


def _names(words: Iterable[str]) -> str:
    return listed([f"`{word}`" for word in words])
