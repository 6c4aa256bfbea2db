"""How nouns show themselves in a notebook: small tables, with words for their columns and values."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from gridgeo.messages import Lang, Text, has_text, locale_lang, say

WORDS: Mapping[str, Callable[[object], str]] = {
    "rule": lambda rule: f"rule_{rule}",
    "severity": lambda severity: f"severity_{severity}",
    "status": lambda status: f"status_{status}",
    "tier": lambda tier: f"tier_{tier}",
    "layer": lambda layer: f"role_{layer}",
    "load": lambda load: f"head_{load}",
    "also": lambda load: f"head_{load}",
}
"""Columns whose values have words of their own, and the reason of these in the catalogue."""


def html_table(table: pd.DataFrame, lang: Lang | None = None) -> str:
    """A table for Jupyter, escaped, in words, with nothing where a value is missing.

    Parameters
    ----------
    lang
        Language of heads and values; that of the locale if left out.
    """
    lang = lang or locale_lang()
    shown = table.astype(object).where(table.notna(), "")
    for column in WORDS.keys() & set(shown.columns):
        shown[column] = [words(WORDS[column](value), value, lang) for value in shown[column]]
    return shown.rename(columns=lambda name: words(f"head_{name}", name, lang)).to_html(index=False, escape=True)


def html_facts(facts: Mapping[str, object], lang: Lang | None = None) -> str:
    """One row of facts, by their reason in the catalogue (``head_...``); those that are None are left out."""
    return html_table(pd.DataFrame([{name: value for name, value in facts.items() if value is not None}]), lang)


def html_lines(lines: Iterable[Text | str], lang: Lang | None = None) -> str:
    """Lines of text, each a paragraph."""
    lang = lang or locale_lang()
    texts = (line.render(lang) if isinstance(line, Text) else line for line in lines)
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


def words(reason: str, value: object, lang: Lang) -> str:
    """A value in words, if the catalogue has any for it."""
    return say(reason).render(lang) if has_text(reason) else str(value)
