"""A fault of the program ends in words, exit code 2 and a trace that holds nothing of the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridgeo.cli.commands import check_command
from tests.cli.running import COMMUNITY, run

SECRET = "13800001111"


@pytest.mark.parametrize("error", [KeyError, RecursionError, UnicodeDecodeError, ZeroDivisionError, MemoryError])
def test_a_fault_ends_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error("utf-8", b"", 0, 1, SECRET) if error is UnicodeDecodeError else error(SECRET)

    traces = tmp_path / "traces"
    traces.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(traces))
    monkeypatch.setattr(check_command, "Terminal", fail)
    out = tmp_path / "faults.gpkg"
    result = run("check", COMMUNITY, COMMUNITY, "-o", out, LANG="en_US.UTF-8")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert SECRET not in result.output
    assert not out.exists()
    (trace,) = traces.iterdir()
    assert str(trace) in result.output
    assert len(result.stderr.strip().splitlines()) == 1
    kept = trace.read_text()
    assert SECRET not in kept
    assert error.__name__ in kept
    assert "in fail" in kept


def test_where_no_trace_can_be_kept_the_fault_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    monkeypatch.setattr(check_command, "Terminal", lambda *_args: 1 / 0)
    result = run("check", COMMUNITY, COMMUNITY)
    assert result.exit_code == 2
    assert "failed" in result.stderr
