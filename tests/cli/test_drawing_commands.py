"""Drawings on the command line: what their zones hold, an office's own codes, maps and sheets with the findings."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf
import pytest

from tests.cli.running import COMMUNITY, DRAWN, run

PRECINCTS = Path(__file__).parents[3] / "shared" / "data" / "precincts_nh"


def test_a_drawing_is_mapped_and_printed_with_its_findings(tmp_path: Path) -> None:
    for command, name in (("map", "drawn.html"), ("atlas", "drawn.pdf")):
        result = run(command, DRAWN, "--site", COMMUNITY, "-o", tmp_path / name)
        assert result.exit_code == 0, result.stderr
    assert "未做到全覆盖" in (tmp_path / "drawn.html").read_text(encoding="utf-8")
    sheets = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "drawn.pdf").pages]
    assert "盲区" in sheets[-1]
    assert "微网格限值 50-70 户：58 个中有 1 个不在限值内" in sheets[0]


def test_a_plan_is_printed_with_its_findings_if_asked(plan: Path, tmp_path: Path) -> None:
    assert run("atlas", plan, "--check", "-o", tmp_path / "checked.pdf").exit_code == 0
    assert run("atlas", plan, "-o", tmp_path / "plain.pdf").exit_code == 0
    checked, plain = (len(pypdf.PdfReader(tmp_path / name).pages) for name in ("checked.pdf", "plain.pdf"))
    assert checked == plain + 1


@pytest.mark.skipif(not PRECINCTS.exists(), reason="the real drawing is not there")
def test_a_real_drawing_reads_as_what_it_is(tmp_path: Path) -> None:
    arguments = [PRECINCTS / "drawn.gpkg", "--site", PRECINCTS / "site.gpkg", "--tier", "own:50-99"]
    result = run("check", *arguments, "--json", tmp_path / "report.json")
    assert result.exit_code == 1
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    found = [row["rule"] for row in report["findings"] if row["rule"] != "size"]
    large = [row for row in report["findings"] if row["rule"] == "overlap" and row["value"] > 0.9]
    assert found.count("gap") == 8
    assert len(large) == 11
    assert found.count("multipart") == found.count("code_own") == 1
    assert len(report["zones"]) == 320
    assert {row["households"] for row in report["zones"]} == {100}
    assert report["limits"][0]["zones"] == len(report["limits"][0]["outside"]) == 320
    told = result.stderr.splitlines()
    assert any(line.split()[:3] == ["P000", "100", "1"] for line in told)
    assert len(told) < 40
    own = run("check", *arguments, "--codes", "own", "--json", tmp_path / "own.json")
    assert own.exit_code == 1
    report = json.loads((tmp_path / "own.json").read_text(encoding="utf-8"))
    assert "code_own" not in {row["rule"] for row in report["findings"]}
