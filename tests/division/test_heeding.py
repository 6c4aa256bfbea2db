"""Ctrl-C, and questions that end a search."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

import gridgeo as gg
from gridgeo.division.heeding import heeded
from gridgeo.messages import Text
from tests.made import SCHEME, Town, build


def test_ctrl_c_ends_the_search_with_the_best_so_far() -> None:
    site = build(Town(seed=1, columns=6, rows=4, per_block=8))

    def press(text: Text) -> None:
        if text.reason in {"step_partition", "step_codes"}:
            os.kill(os.getpid(), signal.SIGINT)

    plan = gg.divide(site, SCHEME, seed=1, progress=press)
    assert plan.manifest["interrupted"] == "true"
    assert (plan.notes["reason"] == "interrupted").sum() == len(site.communities)
    assert gg.check(plan, lang="en").counts()["error"] == 0
    assert gg.divide(site, SCHEME, seed=1).manifest["interrupted"] == "false"


def test_ctrl_c_again_and_again_changes_nothing_and_no_handler_is_set() -> None:
    before = signal.getsignal(signal.SIGINT)

    def work(stopped: Callable[[], bool]) -> list[bool]:
        answers = [stopped()]
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
            late = time.monotonic() + 10
            while not stopped() and time.monotonic() < late:
                time.sleep(0.01)
            answers.append(stopped())
        assert signal.getsignal(signal.SIGINT) is before
        return answers

    assert heeded(work, None) == [False, True, True, True]
    assert heeded(lambda stopped: stopped(), None) is False
    assert heeded(lambda stopped: stopped(), lambda: True) is True
    with pytest.raises(ZeroDivisionError):
        heeded(lambda _: 1 / 0, None)


def test_a_search_can_be_ended_by_a_question_from_any_thread() -> None:
    site, asked = build(Town(seed=1, columns=6, rows=4, per_block=8)), []

    def interrupted() -> bool:
        asked.append(threading.current_thread())
        return len(asked) > 3

    plans = []
    thread = threading.Thread(target=lambda: plans.append(gg.divide(site, SCHEME, seed=1, interrupted=interrupted)))
    thread.start()
    thread.join()
    assert len(asked) > 3
    assert plans[0].manifest["interrupted"] == "true"
    assert gg.check(plans[0], lang="en").counts()["error"] == 0
