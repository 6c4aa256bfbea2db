"""One catalogue of all texts: reason + values -> Chinese, English.

Each room has its part of the catalogue in a file of its own; here they are joined. A text is kept as a reason and values until
somebody asks for words, so that one run can speak both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal, get_args

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_PARTS = ("common", "load", "land", "division", "checks", "maps", "weighing", "cli")


def _join() -> dict[str, tuple[str, str]]:
    catalogue: dict[str, tuple[str, str]] = {}
    for part in _PARTS:
        texts: dict[str, tuple[str, str]] = import_module(f"{__name__}.{part}").TEXTS
        repeated = catalogue.keys() & texts.keys()
        if repeated:
            raise RuntimeError(f"texts stand twice in the catalogue: {sorted(repeated)}")
        catalogue |= texts
    return catalogue


CATALOGUE: dict[str, tuple[str, str]] = _join()
"""reason -> (Chinese, English), with the values' names in braces."""


@dataclass(frozen=True)
class Text:
    """A reason with its values; ``str()`` is English."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, lang: Lang) -> str:
        """Words in the language asked for."""
        template = CATALOGUE[self.reason][LANGS.index(lang)]
        words = {k: v.render(lang) if isinstance(v, Text) else v for k, v in self.values.items()}
        return template.format_map(words)

    def __str__(self) -> str:
        """English words."""
        return self.render("en")


def say(reason: str, /, **values: object) -> Text:
    """Text of the catalogue; a reason that is not in it is a ``KeyError`` at once, not when it is printed."""
    if reason not in CATALOGUE:
        raise KeyError(reason)
    return Text(reason, values)
