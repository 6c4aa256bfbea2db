"""How far a verb has come."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field

import pytest

import gridgeo as gg
from gridgeo.messages import Text, say
from gridgeo.progress import PATIENCE_S, Pace, told
from tests.made import Town, build


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
                __import__("time").sleep(0.01)
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
