"""The catalogue: every text in both languages, with the same values."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from gridgeo.messages import FILE, LANGS, catalogue, say

SOURCE = Path(__file__).parents[2] / "gridgeo"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("reason", sorted(catalogue()))
def test_both_languages_say_the_same_values(reason: str) -> None:
    texts = catalogue()[reason]
    assert list(texts) == list(LANGS)
    assert fields(texts["zh"]) == fields(texts["en"])
    assert texts["zh"]
    assert texts["en"]


def test_every_file_of_texts_is_read_and_no_reason_stands_twice() -> None:
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.toml") if path.name == FILE]
    assert sum(map(len, files)) == len(catalogue())


def test_a_text_is_rendered_when_it_is_asked_for() -> None:
    text = say("cli_report", state=say("state_pass"), errors=0, warnings=1, notes=2)
    assert str(text) == "check: covered without gap or overlap (findings: errors 0, warnings 1, notes 2)"
    assert text.render("zh") == "核查：全覆盖、无重叠（发现错误 0，警告 1，提示 2）"


def test_an_unknown_reason_is_found_at_once() -> None:
    with pytest.raises(KeyError):
        say("no_such_reason")


def test_a_reason_of_two_rooms_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("one", "two"):
        (tmp_path / room).mkdir()
        (tmp_path / room / FILE).write_text('[same]\nzh = "同"\nen = "same"\n', encoding="utf-8")
    monkeypatch.setattr("gridgeo.messages.files", lambda _: tmp_path)
    with pytest.raises(RuntimeError, match="same"):
        catalogue.__wrapped__()


def test_every_text_is_used_and_every_use_has_a_text() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in sorted(SOURCE.rglob("*.py")) if "messages" not in p.parts)
    used = set(re.findall(r"""["']([a-z0-9_]+)["']""", code))
    stems = set(re.findall(r"""f["']([a-z_]+_)\{""", code))
    unused = [r for r in catalogue() if r not in used and not any(r.startswith(stem) for stem in stems)]
    assert unused == []
    asked = set(re.findall(r"""\bsay\(\s*["']([a-z0-9_]+)["']""", code))
    assert asked <= catalogue().keys()
