"""How far a verb has come."""

from __future__ import annotations

import io
import sys
import time
import types
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

import gridgeo as gg
from gridgeo.messages import LANGS, Text, say
from gridgeo.progress import PATIENCE_S, Pace, told
from tests.made import Town, build
from tests.style.made_plan import make_plan


@dataclass
class Clock:
    """A clock that goes by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_time_left_is_what_the_share_leaves() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.step(say("step_graph", n=100))
    assert pace.left is None
    clock.seconds = 10
    pace.step(say("step_partition", code="1", n=100))
    before = pace.share
    assert pace.left == pytest.approx(10 * (1 - before) / before)
    pace.step(say("step_searched", code="1", percent=50))
    assert before < pace.share < 1
    assert pace.words("en").startswith("dividing community 1, 50 % done ... about ")
    assert "还需约" in pace.words("zh")


def test_communities_count_by_their_cells_and_plans_in_turn() -> None:
    pace = Pace(Clock())
    pace.step(say("step_graph", n=400))
    pace.step(say("step_variant", k=1, n=2, prefer=""))
    for code, n in (("1", 100), ("2", 300)):
        pace.step(say("step_partition", code=code, n=n))
    pace.step(say("step_searched", code="1", percent=100))
    little = pace.share
    pace.step(say("step_searched", code="2", percent=100))
    half = pace.share
    pace.step(say("step_variant", k=2, n=2, prefer=""))
    assert pace.share >= half > little
    pace.step(say("step_partition", code="1", n=400))
    pace.step(say("step_searched", code="1", percent=50))
    assert 0.5 < pace.share < 1


def test_a_division_tells_its_tenths_in_order() -> None:
    heard = list[Text]()
    pace = Pace(Clock())
    shares = []

    def hear(text: Text) -> None:
        heard.append(text)
        pace.step(text)
        shares.append(pace.share)

    scheme = gg.Scheme((gg.Tier("grid", 60, 140, 100, width=3), gg.Tier("micro", 10, 40, 25)))
    site = build(Town(seed=3, columns=4, rows=3, per_block=8))
    gg.divide(site, scheme, seed=1, progress=hear)
    tenths = [int(str(text.values["percent"])) for text in heard if text.reason == "step_searched"]
    assert len(tenths) >= 5
    assert tenths == sorted(set(tenths))
    assert shares == sorted(shares)


def test_reading_checking_drawing_and_printing_tell_how_far_they_are(tmp_path: Path) -> None:
    heard = list[Text]()
    pace = Pace(Clock())
    shares = list[float]()

    def hear(text: Text) -> None:
        heard.append(text)
        pace.step(text)
        shares.append(pace.share)

    sample = Path(__file__).parents[2] / "sample_data" / "community.gpkg"
    read = gg.read_site(sample, progress=hear)
    assert {text.values.get("layer") for text in heard} >= {"buildings", "streets"}
    plan = make_plan()
    report = gg.check(plan, progress=hear)
    gg.explore(plan, report, progress=hear)
    gg.atlas(plan, tmp_path / "plan.pdf", progress=hear)
    begins = [k for k, (before, share) in enumerate(pairwise([1.0, *shares])) if share < before]
    assert [heard[k].reason for k in begins] == ["step_layer", "step_rule", "step_chunk", "step_lay_out"]
    assert all(0 <= share < 1 for share in shares)
    for reason in ("step_rule", "step_lay_out", "step_print"):
        counts = [(text.values["k"], text.values["n"]) for text in heard if text.reason == reason]
        assert [k for k, _ in counts] == list(range(1, len(counts) + 1))
        assert {n for _, n in counts} == {len(counts)}
    assert all(text.render(lang) for text in heard for lang in LANGS)
    assert len(read.buildings) > 200


def test_a_new_verb_has_a_clock_of_its_own() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.step(say("step_layer", layer="streets", k=1, n=2))
    clock.seconds = 100
    pace.step(say("step_rule", rule="", k=1, n=10))
    clock.seconds = 110
    pace.step(say("step_rule", rule="", k=6, n=10))
    assert pace.left == pytest.approx(10)


def test_a_prompt_shows_a_line_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("gridgeo.progress.PATIENCE_S", 0.01)
    monkeypatch.setenv("COLUMNS", "30")
    with told(None) as tell:
        tell(say("step_lay_out", k=3, n=9))
        deadline = time.monotonic() + 20
        while not screen.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    first, *_, last = screen.getvalue().split("\r")[1:]
    assert first.startswith("laying out sheet 3 of 9")
    assert len(first.removesuffix("\x1b[K")) < 30
    assert last == "\x1b[K"


class ZMQInteractiveShell:
    """Stands for the shell of a notebook."""


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_a_notebook_shows_a_line_only_of_what_takes_long_and_takes_it_away(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = list[str]()

    @dataclass
    class Handle:
        texts: list[str] = field(default_factory=lambda: shown)

        def update(self, thing: object) -> None:
            self.texts.append(thing._repr_html_())  # type: ignore[attr-defined]

    def display(thing: object, **_: object) -> Handle:
        shown.append(thing._repr_html_())  # type: ignore[attr-defined]
        return Handle()

    shell, pages = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    monkeypatch.setattr(shell, "get_ipython", ZMQInteractiveShell, raising=False)
    monkeypatch.setattr(pages, "display", display, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setitem(sys.modules, "IPython.display", pages)
    monkeypatch.setattr("gridgeo.progress.PATIENCE_S", 0.05)
    assert PATIENCE_S > 1
    with told(None) as tell:
        tell(say("step_blocks"))
        if seconds:
            deadline = Clock()
            while not shown and deadline.seconds < seconds * 100:
                deadline.seconds += 0.01
                time.sleep(0.01)
    if seconds:
        assert "finding blocks" in shown[0]
        assert shown[-1] == ""
    else:
        assert shown == []


def test_who_asks_for_steps_is_told_them_and_a_script_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    heard = list[Text]()
    with told(heard.append) as tell:
        tell(say("step_blocks"))
    assert [text.reason for text in heard] == ["step_blocks"]
    with told(None) as tell:
        tell(say("step_blocks"))
    assert capsys.readouterr() == ("", "")
