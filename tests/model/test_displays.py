"""What a notebook shows of nouns and errors, and a terminal in a line."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import gridgeo as gg
from gridgeo.errors import GridgeoError, InputError
from gridgeo.files import read_zones
from gridgeo.messages import LANGS, locale_lang, say
from gridgeo.model.plan import Plan

MOST_HTML = 300_000
"""Letters that a display may have."""


@pytest.mark.parametrize("lang", LANGS)
def test_nouns_show_small_tables_without_raw_values(plan: Plan, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", f"{lang}.UTF-8")
    scheme = gg.Scheme.preset("zhengzhou")
    for noun in (scheme, scheme.finest, scheme.prefer, plan, plan.site, plan.zones(), gg.check(plan, lang=lang)):  # type: ignore[arg-type]
        html = noun._repr_html_()
        assert len(html) < MOST_HTML
        assert "<table" in html or "<p>" in html
        words = re.sub(r"<[^>]*>", " ", re.sub(r"base64,[A-Za-z0-9+/=]+", "", html))
        assert not re.search(r"[{}]|mappingproxy|\bNone\b|<NA>|nan\b", words), words
        assert not re.search(r"\b[a-z]+_[a-z]+\b", words), words
        assert bool(re.search(r"[一-鿿]", words.replace("示例社区", ""))) == (lang == "zh"), words


def test_a_plan_shows_a_picture_and_what_to_do_next(plan: Plan) -> None:
    html = plan._repr_html_()
    assert html.startswith("<img ")
    assert "gg.check(plan)" in html


def test_nouns_are_a_line_in_a_terminal(plan: Plan) -> None:
    for noun in (plan, plan.site, plan.zones(), gg.check(plan)):
        assert len(repr(noun)) < 120
        assert "\n" not in repr(noun)
    assert repr(plan).startswith("Plan(communities 1, grid 2, micro 3, households ")


def test_a_notebook_shows_the_message_first_and_no_calls() -> None:
    with pytest.raises(GridgeoError) as caught:
        gg.Scheme.preset("zhengzou")
    (line,) = caught.value._render_traceback_()
    assert line == "InputError: There is no preset 'zhengzou'. Use one of wide, zhengzhou"


def test_an_error_tells_where_each_problem_is_in_the_language_of_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ("buildings", k, "households", f"secret {k}", "households_negative", say("fix_households_negative"))
        for k in range(12)
    ]
    problems = pd.DataFrame(rows, columns=["layer", "row", "column", "value", "reason", "remedy"])
    error = InputError(say("load_households_zero"), problems)
    lines = error.lines("en")
    assert len(lines) == 10
    assert lines[1].startswith("  buildings row 0 column households: ")
    assert "4 more" in lines[-1]
    assert "secret" not in "".join(lines)
    assert str(error) == lines[0]
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert str(error) == error.lines("zh")[0]
    assert error._render_traceback_()[0] == f"InputError: {error.lines('zh')[0]}"
    assert error._repr_html_().startswith(f"<p>{error.lines('zh')[0]}</p>")


@pytest.mark.parametrize(
    ("environment", "system", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "", "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "", "en"),
        ({}, "Chinese (Simplified)_China", "zh"),
        ({}, None, "en"),
        ({"LANG": "de_DE"}, "zh_CN", "en"),
    ],
)
def test_the_language_is_that_of_the_locale(
    environment: dict[str, str], system: str | None, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("locale.getlocale", lambda: (system, None))
    assert locale_lang() == lang


def test_a_drawing_shows_itself_too() -> None:
    zones = read_zones("sample_data/drawn.gpkg")
    assert repr(zones) == "Zones(grid 13, micro 60)"
    assert "<table" in zones._repr_html_()
