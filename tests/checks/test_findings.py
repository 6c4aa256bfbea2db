"""Findings in order, in words, in JSON, in a notebook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gridgeo.checks import check
from gridgeo.errors import CoverageError
from gridgeo.model import Report
from gridgeo.model.report import COLUMNS
from tests.checks.made_zones import M1, M2, PLAN, SITE, ZONES, at, changed, rectangle, rules, with_buildings


def test_findings_are_sorted_gravest_first() -> None:
    zones = changed(at(M2), changed(at(M1), code="x"), households=3)
    site = with_buildings({"long": rectangle(194, 40, 206, 60)})
    report = check(replace(zones, buildings=None), site)
    order = [("error", "code_malformed"), ("error", "households_unassigned"), ("warning", "building_split")]
    assert list(zip(report.findings["severity"], report.findings["rule"], strict=True)) == order


def test_a_report_fails_aloud_only_when_asked() -> None:
    report = check(changed(at(M1), code="x"), SITE)
    assert report.state == "fail"
    with pytest.raises(CoverageError, match="code_malformed"):
        report.raise_if_failed()
    check(PLAN).raise_if_failed()


def test_a_report_becomes_json() -> None:
    import json

    report = check(changed(at(M1), geometry=None), SITE)
    told = json.loads(json.dumps(report.to_dict(), ensure_ascii=False))
    assert told["state"] == "fail"
    assert told["counts"] == {"error": 4, "warning": 0, "note": 0}
    assert told["findings"][0].keys() == set(COLUMNS) - {"geometry"}


def test_a_report_shown_in_a_notebook_runs_nothing() -> None:
    bad = "<img src=x onerror=alert(1)>"
    site = with_buildings({bad: rectangle(94, 240, 104, 250)}, None)
    report = check(replace(ZONES, buildings=None), site)
    assert rules(report) == ["building_split"]
    assert bad in report.missing[0]
    assert "<img" not in report._repr_html_()


def test_a_report_is_spoken_in_another_language_without_a_second_check(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = changed(at(M1), geometry=None)
    site = with_buildings({"new": rectangle(1, 1, 2, 2)}, households=None)
    english, chinese = check(zones, site, lang="en"), check(zones, site, lang="zh")
    monkeypatch.setattr("gridgeo.checks.RULES", ())
    assert len(english.findings)
    assert len(english.missing)
    for one, other in ((english.spoken("zh"), chinese), (chinese.spoken("en"), english)):
        assert one.lang == other.lang
        assert one.missing == other.missing
        assert one.findings["message"].tolist() == other.findings["message"].tolist()
        assert one.to_dict() == other.to_dict()
    few = replace(english, findings=english.findings.iloc[1:])
    assert few.spoken("zh").findings["message"].tolist() == chinese.findings["message"].tolist()[1:]
    by_hand = Report(english.findings)
    assert by_hand.spoken("en") is by_hand
