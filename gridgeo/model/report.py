"""What a check found: one row a fault, and the state of the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal

import geopandas as gpd
import pandas as pd

from gridgeo.errors import CoverageError
from gridgeo.messages import Lang, Text, say
from gridgeo.model.displays import html_lines, html_table
from gridgeo.model.tier_limits import TierLimits, limits_headline, limits_met
from gridgeo.model.zones import Zones

State = Literal["pass", "fail", "incomplete"]

SEVERITIES = ("error", "warning", "note")
"""From grave to slight."""

_SHOWN = 20
"""Findings that a notebook shows."""

COLUMNS = ("rule", "severity", "code", "value", "measure", "message", "geometry")
"""Of `Report.findings`: `value` is the number that the rule measured, `measure` says of what and in which unit (for example
`area_m2`), `code` names the zone or building at fault, `geometry` shows where."""

COVER_RULES = frozenset({"gap", "overlap", "outside", "hairline", "invalid_ring", "building_uncovered", "tier_missing"})
"""Rules of land: while one of them finds an error, nobody can say that all is covered without gap or overlap."""


@dataclass(frozen=True)
class Report:
    """Findings of a check.

    Parameters
    ----------
    findings
        One row a fault, gravest first; columns `COLUMNS`, in the CRS of the site.
    missing
        Why the check could not judge everything (texts); empty if it could.
    lang
        Language of the messages.
    texts
        What the messages of the findings (by index), and then the missing ones, say in any language; None if that is not known.
    counted
        What each zone holds by the check's own count: households, members without a figure, buildings, area; None if nothing
        was counted.
    site_known
        Whether there was a site against which land could be judged.
    """

    findings: gpd.GeoDataFrame
    missing: tuple[str, ...] = ()
    lang: Lang = "zh"
    texts: tuple[tuple[Text, ...], tuple[Text, ...]] | None = None
    counted: Zones | None = None
    site_known: bool = True

    def spoken(self, lang: Lang) -> Report:
        """The same report in a language; one that was made by hand stays as it is."""
        if self.texts is None:
            return self
        found, missing = self.texts
        messages = [found[row].render(lang) for row in self.findings.index]
        findings = self.findings.assign(message=pd.array(messages, dtype="string"))
        return replace(self, findings=findings, missing=tuple(text.render(lang) for text in missing), lang=lang)

    def words_of(self, row: int) -> tuple[str, str]:
        """What a finding is, and what to do about it; all in the first where the report was made by hand."""
        if self.texts is None:
            return str(self.findings.loc[row, "message"]), ""
        text = self.texts[0][row]
        return text.what(self.lang), text.remedy(self.lang)

    @property
    def state(self) -> State:
        """`fail` if there is any error, else `incomplete` if figures are missing, else `pass`."""
        if (self.findings["severity"] == "error").any():
            return "fail"
        return "incomplete" if self.missing else "pass"

    @property
    def headline(self) -> tuple[Text, ...]:
        """The report in a line or two: whether all is covered, and how many zones are outside their limits.

        `state` says one word for both land and people, for programs; people are told what it is about.
        """
        limits = None if self.counted is None else limits_headline(self.counted)
        missed = int(self.findings.loc[self.findings["rule"] == "size", "code"].nunique())
        if limits is None and missed:
            limits = say("limits_missed_some", k=missed)
        return (self._cover,) if limits is None else (self._cover, limits)

    @property
    def headline_text(self) -> Text:
        """The headline as one sentence."""
        return reduce(lambda one, other: say("one_and", one=one, other=other), self.headline)

    @property
    def _cover(self) -> Text:
        errors = self.errors["rule"]
        if not self.site_known:
            return say("state_unknown_errors", n=len(errors)) if len(errors) else say("state_unknown")
        if errors.isin(COVER_RULES).any():
            return say("state_uncovered", n=len(errors))
        return say(f"state_{self.state}", n=len(errors))

    @property
    def errors(self) -> gpd.GeoDataFrame:
        """Findings of severity error."""
        return self.findings[self.findings["severity"] == "error"]

    def counts(self) -> dict[str, int]:
        """Number of findings of each severity, grave to slight."""
        return {severity: int((self.findings["severity"] == severity).sum()) for severity in SEVERITIES}

    def raise_if_failed(self) -> None:
        """Raise `CoverageError` if the state is fail."""
        if self.state == "fail":
            rules = ", ".join(sorted(self.errors["rule"].unique()))
            raise CoverageError(say("report_failed", n=len(self.errors), rules=rules))

    def to_dict(self) -> dict[str, object]:
        """State, the same in words, reasons why it is not complete, counts, findings and zones without geometry, for JSON."""
        return {
            "state": self.state,
            "headline": [text.render(self.lang) for text in self.headline],
            "missing": list(self.missing),
            "counts": self.counts(),
            "limits": [] if self.counted is None else [_limits_row(tier) for tier in limits_met(self.counted)],
            "findings": _records(self.findings),
            "zones": [] if self.counted is None else _records(self.counted.table),
        }

    def _repr_html_(self) -> str:
        state = self.headline_text.render(self.lang)
        counts = {f"{severity}s": n for severity, n in self.counts().items()}
        told = html_lines([say("shown_counts", **counts), *self.missing], self.lang)
        shown = self.findings[["severity", "rule", "code", "message"]].head(_SHOWN)
        if shown.empty:
            return f"<p><b>{state}</b></p>{told}"
        more = len(self.findings) > _SHOWN
        rest = html_lines([say("shown_more", n=len(self.findings), shown=_SHOWN)] if more else [], self.lang)
        return f"<p><b>{state}</b></p>{told}{html_table(shown, self.lang)}{rest}"

    def __repr__(self) -> str:
        """State and counts, in a line."""
        return f"Report({self.state}: {', '.join(f'{severity} {n}' for severity, n in self.counts().items())})"


def _records(table: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Rows of a table as plain values, without geometry."""
    rows = table.drop(columns="geometry").astype(object)
    return list(rows.where(rows.notna(), None).to_dict(orient="records"))


def _limits_row(tier: TierLimits) -> dict[str, object]:
    limits = [{"load": limit.load, "low": limit.low, "high": limit.high} for limit in tier.limits]
    return {"tier": tier.tier, "limits": limits, "zones": tier.judged, "outside": list(tier.outside)}
