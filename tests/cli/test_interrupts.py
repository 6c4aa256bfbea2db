"""Ctrl-C at a terminal."""

from __future__ import annotations

import os
import signal

import pytest

from gridgeo.cli.interrupts import Interrupts


def test_before_a_search_asks_ctrl_c_ends_the_program() -> None:
    with pytest.raises(KeyboardInterrupt), Interrupts().heard():
        os.kill(os.getpid(), signal.SIGINT)


def test_once_a_search_asks_ctrl_c_is_the_answer_and_the_first_handler_is_back() -> None:
    before, interrupts = signal.getsignal(signal.SIGINT), Interrupts()
    with interrupts.heard():
        assert not interrupts()
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
            assert interrupts()
    assert signal.getsignal(signal.SIGINT) is before
    with interrupts.ignored():
        os.kill(os.getpid(), signal.SIGINT)
    with interrupts.ignored(really=False), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
