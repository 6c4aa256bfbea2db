"""Plans and reports as workbooks: a sheet for each tier, one for the buildings, one for what the check found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gridgeo.exporting.zone_tables import BUILDINGS, exported, plain
from gridgeo.files import Sheet, as_workbook, write_bytes
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import DEDICATED, Plan, Report
from gridgeo.style import label

_ZONE_COLUMNS = ("code", "label", "name", "kind", "parent", "households", "n_unknown", "n_buildings", "area_m2")
"""Of the sheet of a tier, before other loads."""


def layer_sheets(plan: Plan, layer: str | None, lang: Lang) -> Iterator[Sheet]:
    """The sheets of tiers, coarse to fine, and of the buildings; only that of a layer if one is named."""
    for name in plan.scheme.names:
        if layer in (None, name):
            yield Sheet(_words((f"tier_{name}",), name, lang), _headed(_zones(plan, name, lang), lang))
    if layer in (None, BUILDINGS):
        yield Sheet(say("export_sheet_buildings").render(lang), _headed(_members(plan), lang))


def findings_sheet(report: Report, lang: Lang) -> Sheet:
    """What a check found, gravest first."""
    found = pd.DataFrame(report.spoken(lang).findings.drop(columns="geometry"))
    severities = [say(f"severity_{severity}").render(lang) for severity in found["severity"]]
    rules = [_words((f"rule_{rule}",), rule, lang) for rule in found["rule"]]
    found = found.assign(severity=pd.array(severities, dtype="string"), rule=pd.array(rules, dtype="string"))
    return Sheet(say("export_sheet_findings").render(lang), _headed(found, lang))


def write_findings(report: Report, path: str | Path, *, lang: Lang = "zh", overwrite: bool = False) -> Path:
    """Write what a check found as a workbook; errors as `files.write_bytes`."""
    return write_bytes(path, as_workbook([findings_sheet(report, lang)]), overwrite=overwrite)


def _zones(plan: Plan, tier: str, lang: Lang) -> pd.DataFrame:
    zones = plain(exported(plan, tier))
    labels = [label(code, plan.scheme) for code in zones["code"]]
    kinds = [say("kind_dedicated" if kind == DEDICATED else "kind_grid").render(lang) for kind in zones["kind"]]
    zones = zones.assign(label=pd.array(labels, dtype="string"), kind=pd.array(kinds, dtype="string"))
    return zones[[*_ZONE_COLUMNS, *(name for name in zones.columns if name not in _ZONE_COLUMNS)]]


def _members(plan: Plan) -> pd.DataFrame:
    members = plain(exported(plan, BUILDINGS))
    codes = members["code"].astype("string")
    tiers = {name: codes.str[: plan.scheme.digits(name)] for name in plan.scheme.names}
    return members[["id", "unit", "name", "households"]].assign(**tiers)


def _headed(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """A table with heads that people read."""
    heads = {name: _words((f"export_{name}", f"tier_{name}"), str(name), lang) for name in table.columns}
    return table.rename(columns=heads)


def _words(reasons: tuple[str, ...], otherwise: str, lang: Lang) -> str:
    """Words of the first reason that the catalogue has; where it has none, the name itself."""
    return next((say(reason).render(lang) for reason in reasons if has_text(reason)), otherwise)
