"""Names under which files know layers and columns, Chinese and English: the one table, for reading, messages, help and documents.

The table itself is `names.toml`. Capitals, full width, blanks, ``_`` and ``-`` do not matter in a name, nor does a unit in brackets
behind it: 户数（户） is 户数.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

UNITS, ZONES = "unit_households", "zones"
"""The table of units, and drawn zones of any tier: they are read like layers, and are no roles with geometry of a site."""

_LAYER, _WORDS = "layer", "words"
_TABLE = tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))
_WORDS_OF_CLASSES = {
    column: {word: name for name, words in classes.items() for word in words}
    for column, classes in _TABLE.pop(_WORDS).items()
}

LAYER_NAMES: Mapping[str, Sequence[str]] = {role: told[_LAYER] for role, told in _TABLE.items() if _LAYER in told}
"""Role -> names of layers and files; its own first. A name of two roles is that whose kind of geometry the layer holds."""

COLUMN_NAMES: Mapping[str, Mapping[str, Sequence[str]]] = {
    role: {column: names for column, names in told.items() if column != _LAYER} for role, told in _TABLE.items()
}
"""Role -> column -> names; the column's own first. Where several are there, the first that is filled counts, row by row."""

_OWN = ("boundary", *LAYER_NAMES)
"""Names that go before other names of the same role."""
_UNIT = re.compile(r"[（(\[](户|个|栋|层|单元|米|m|m2|㎡|平方米)[）)\]]$", re.IGNORECASE)
_GAPS = re.compile(r"[\s_\-]+")
_NEAR = 0.75
"""How alike names must be for one to be proposed for the other [0-1]."""
_TELLING = 4
"""Letters from which on a word tells something where it stands inside another."""


def plain_name(name: object) -> str:
    """Form under which names that look alike are one."""
    return _GAPS.sub("", _UNIT.sub("", unicodedata.normalize("NFKC", str(name)).strip())).casefold()


def roles_named(name: str) -> tuple[str, ...]:
    """Roles that a layer or file of this name may have; none if it is no accepted name."""
    looked = plain_name(name)
    return tuple(role for role, names in LAYER_NAMES.items() if looked in map(plain_name, names))


def is_own_name(name: str) -> bool:
    """Whether this is a role's own name, which goes before its other ones."""
    return plain_name(name) in map(plain_name, _OWN)


def columns_named(there: Iterable[object], names: Iterable[str]) -> list[str]:
    """Columns that go by these names, in the order of the names; a column that is written alike goes before others."""
    columns = [str(column) for column in there if column != "geometry"]
    found: list[str] = []
    for name in names:
        same = [column for column in columns if plain_name(column) == plain_name(name)]
        found.extend([name] if name in same else same[:1])
    return list(dict.fromkeys(found))


def closest(name: str, known: Mapping[str, Sequence[str]]) -> str | None:
    """What a name may mean: of these things that which has a name most like it, or the longest name that it holds."""
    looked = plain_name(name)
    words: dict[str, str] = {}
    for thing, names in known.items():
        words = dict.fromkeys(map(plain_name, names), thing) | words
    near = difflib.get_close_matches(looked, words, n=1, cutoff=_NEAR)
    held = [word for word in words if word in looked and len(word) >= (_TELLING if word.isascii() else 2)]
    return words[(near + sorted(held, key=len, reverse=True))[0]] if near or held else None


def class_of(column: str, word: str) -> str:
    """A class as it is known in OpenStreetMap, where a Chinese word says it; other words as they are."""
    return _WORDS_OF_CLASSES.get(column, {}).get(unicodedata.normalize("NFKC", word).strip(), word)
