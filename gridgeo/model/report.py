"""What a check found: one row a fault, and the state of the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd
import pandas as pd

from gridgeo.errors import CoverageError
from gridgeo.messages import Lang, Text, say
from gridgeo.model.displays import html_lines, html_table

State = Literal["pass", "fail", "incomplete"]

SEVERITIES = ("error", "warning", "note")
"""From grave to slight."""

_SHOWN = 20
"""Findings that a notebook shows."""

COLUMNS = ("rule", "severity", "code", "value", "measure", "message", "geometry")
"""Of `Report.findings`: `value` is the number that the rule measured, `measure` says of what and in which unit (for example
`area_m2`), `code` names the zone or building at fault, `geometry` shows where."""


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
    """

    findings: gpd.GeoDataFrame
    missing: tuple[str, ...] = ()
    lang: Lang = "zh"
    texts: tuple[tuple[Text, ...], tuple[Text, ...]] | None = None

    def spoken(self, lang: Lang) -> Report:
        """The same report in a language; one that was made by hand stays as it is."""
        if self.texts is None:
            return self
        found, missing = self.texts
        messages = [found[row].render(lang) for row in self.findings.index]
        findings = self.findings.assign(message=pd.array(messages, dtype="string"))
        return replace(self, findings=findings, missing=tuple(text.render(lang) for text in missing), lang=lang)

    @property
    def state(self) -> State:
        """`fail` if there is any error, else `incomplete` if figures are missing, else `pass`."""
        if (self.findings["severity"] == "error").any():
            return "fail"
        return "incomplete" if self.missing else "pass"

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
        """State, reasons why it is not complete, counts and findings without geometry, ready for JSON."""
        rows = self.findings.drop(columns="geometry").astype(object)
        rows = rows.where(rows.notna(), None)
        return {
            "state": self.state,
            "missing": list(self.missing),
            "counts": self.counts(),
            "findings": rows.to_dict(orient="records"),
        }

    def _repr_html_(self) -> str:
        state = say(f"state_{self.state}").render(self.lang)
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


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
