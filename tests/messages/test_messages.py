"""The catalogue: every text in both languages, with the same values."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from gridgeo.checks import RULES
from gridgeo.messages import FILE, LANGS, Lang, catalogue, say

SOURCE = Path(__file__).parents[2] / "gridgeo"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


REMEDIES = tuple(f"{lang}_do" for lang in LANGS)

FRAGMENTS = frozenset(
    {"one_and", "kind", "check_and", "check_tier_grid", "check_tier_micro"}
    | {"fault_rows", "fault_packed_size", "fault_packed_layers", "output_failed"}
)
"""Said in errors and findings, but as a part of what is said, or with a part that knows the remedy."""


@pytest.mark.parametrize("reason", sorted(catalogue()))
def test_both_languages_say_the_same_values(reason: str) -> None:
    texts = catalogue()[reason]
    assert tuple(texts) in (LANGS, (*LANGS, *REMEDIES))
    for chinese, english in zip(*[iter(texts.values())] * 2, strict=True):
        assert fields(chinese) == fields(english)
        assert chinese.strip()
        assert english.strip()


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_is_rendered_with_its_remedy_last(lang: Lang) -> None:
    for reason, texts in catalogue().items():
        values = dict.fromkeys({name for text in texts.values() for name in fields(text)}, 7)
        said, remedy = say(reason, **values).render(lang), say(reason, **values).remedy(lang)
        assert "{" not in said or "{{" in texts[lang] + texts.get(f"{lang}_do", ""), reason
        assert said.endswith(remedy), reason
        assert bool(remedy) == (REMEDIES[0] in texts), reason
        # a sentence that ends with a stop would get a second one
        assert not remedy or say(reason, **values).what(lang)[-1] not in "。.；;", reason


def said_in_errors() -> set[str]:
    """Reasons of texts that errors are raised with."""
    found = set[str]()
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Error"):
                found |= {reason for argument in call.args for reason in said_in(argument)}
    return found


def said_in(node: ast.AST) -> set[str]:
    """Reasons said somewhere in a piece of code."""
    return {
        call.args[0].value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "say"
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def test_every_error_and_finding_says_what_to_do() -> None:
    errors = said_in_errors()
    assert len(errors) > 80
    findings = {
        reason
        for reason in catalogue()
        if reason.startswith(("check_", "why_")) and not reason.startswith("check_ring_")
    }
    assert {f"check_{rule.name}" for rule in RULES} & catalogue().keys() <= findings
    without = {reason for reason in errors | findings if REMEDIES[0] not in catalogue()[reason]}
    assert without - FRAGMENTS == set()


def test_every_problem_of_the_data_says_what_to_do() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    problems = set(re.findall(r"""\.problem\(\s*["']([a-z0-9_]+)["']""", code))
    assert len(problems) > 20
    assert {f"fix_{reason}" for reason in problems} <= catalogue().keys()
    assert {f"load_{reason}" for reason in problems} <= catalogue().keys()


def test_the_remedy_of_a_part_is_that_of_the_whole_unless_it_has_its_own() -> None:
    full = say("why_full")
    assert str(say("cli_error", text=full)) == "error: the disk is full. Make room, or write elsewhere"
    assert say("cli_error", text=full).render("zh") == "错误：磁盘已满。请清出空间，或写到别处"
    assert str(say("output_failed", path="a", why=full)).endswith("is intact. Make room, or write elsewhere")
    own = say("plan_unreadable", path="a", why=say("plan_layer_missing", layer="cells"))
    assert str(own).count("Give a plan file") == 1


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
