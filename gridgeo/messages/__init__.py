"""One catalogue of all texts: reason + values -> Chinese, English.

Each room keeps its texts beside its code, in a file `texts.toml`: a table for each reason, with ``zh`` and ``en``, and the values'
names in braces. Errors and findings say what to do, too, as ``zh_do`` and ``en_do``. All are read together when the first text is
asked for. A text is kept as a reason and values until somebody asks for words, so that one run can speak both languages.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_STOP: Mapping[Lang, str] = {"zh": "。", "en": ". "}
"""Between two sentences."""

FILE = "texts.toml"
"""Name of the file in which a room keeps its texts."""


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All texts of all rooms: reason -> language, or language and `_do` -> words.

    Raises
    ------
    RuntimeError
        If two rooms give texts for one reason.
    """
    out: dict[str, Mapping[str, str]] = {}
    for room in sorted(files(__package__.partition(".")[0]).iterdir(), key=lambda folder: folder.name):
        file = room.joinpath(FILE)
        if not file.is_file():
            continue
        texts = tomllib.loads(file.read_text(encoding="utf-8"))
        repeated = out.keys() & texts.keys()
        if repeated:
            raise RuntimeError(f"texts stand twice in the catalogue: {sorted(repeated)}")
        out |= texts
    return out


def locale_lang() -> Lang:
    """The language of whoever sits there: Chinese if the environment, or the system, says so; else English."""
    named = next((text for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (text := os.environ.get(name))), None)
    if named is None:
        named = locale.getlocale()[0] or ""
    # Windows writes the language out
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def has_text(reason: str) -> bool:
    """Whether the catalogue has a text for this reason."""
    return reason in catalogue()


@dataclass(frozen=True)
class Text:
    """A reason with its values; ``str()`` is English."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, lang: Lang) -> str:
        """Words in the language asked for: what is the matter, then what to do."""
        what, remedy = self.what(lang), self.remedy(lang)
        return what + _STOP[lang] + remedy if remedy else what

    def what(self, lang: Lang) -> str:
        """What is the matter, without what to do about it."""
        return self._words(lang, lang)

    def remedy(self, lang: Lang) -> str:
        """What to do, by the text itself, else by the texts among its values; empty if nothing is to be done."""
        if f"{lang}_do" in catalogue()[self.reason]:
            return self._words(f"{lang}_do", lang)
        inner = [value.remedy(lang) for value in self.values.values() if isinstance(value, Text)]
        return _STOP[lang].join(dict.fromkeys(remedy for remedy in inner if remedy))

    def _words(self, key: str, lang: Lang) -> str:
        words = {k: v.what(lang) if isinstance(v, Text) else v for k, v in self.values.items()}
        return catalogue()[self.reason][key].format_map(words)

    def __str__(self) -> str:
        """English words."""
        return self.render("en")


def say(reason: str, /, **values: object) -> Text:
    """Text of the catalogue; a reason that is not in it is a ``KeyError`` at once, not when it is printed."""
    if not has_text(reason):
        raise KeyError(reason)
    return Text(reason, values)
