"""The catalogue: every text in both languages, with the same values."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from gridgeo.messages import CATALOGUE, say

SOURCE = Path(__file__).parents[2] / "gridgeo"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("reason", sorted(CATALOGUE))
def test_both_languages_say_the_same_values(reason: str) -> None:
    zh, en = CATALOGUE[reason]
    assert fields(zh) == fields(en)
    assert zh
    assert en


def test_a_text_is_rendered_when_it_is_asked_for() -> None:
    text = say("cli_report", state=say("state_pass"), errors=0, warnings=1, notes=2)
    assert str(text) == "check: pass (findings: errors 0, warnings 1, notes 2)"
    assert text.render("zh") == "核查：通过（发现错误 0，警告 1，提示 2）"


def test_an_unknown_reason_is_found_at_once() -> None:
    with pytest.raises(KeyError):
        say("no_such_reason")


def test_every_text_is_used_and_every_use_has_a_text() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in sorted(SOURCE.rglob("*.py")) if "messages" not in p.parts)
    used = set(re.findall(r"""["']([a-z0-9_]+)["']""", code))
    stems = set(re.findall(r"""f["']([a-z_]+_)\{""", code))
    unused = [r for r in CATALOGUE if r not in used and not any(r.startswith(stem) for stem in stems)]
    assert unused == []
    asked = set(re.findall(r"""\bsay\(\s*["']([a-z0-9_]+)["']""", code))
    assert asked <= CATALOGUE.keys()
