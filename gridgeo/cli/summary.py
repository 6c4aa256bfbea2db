"""What is told when a command has ended, on one screen: figures first, then what a person can do something about, by remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import NamedTuple

import pandas as pd

from gridgeo.messages import Lang, Text, has_text, say
from gridgeo.model import HOUSEHOLDS, Changes, Plan, Report, Scheme, Site, Whereabouts, Zones
from gridgeo.style import label

MOST_NOTES, MOST_OF_DATA, MOST_FINDINGS = 3, 3, 4
"""Kinds of things told in a section; the others are counted."""

NAMED = 3
"""Examples of each kind."""

LONGEST = 180
"""Letters of one message, two lines of a terminal; what is longer is cut, and stands whole in the file."""

DETAILED = frozenset({"code_placeholder"})
"""Reasons of the account whose details say more than ids."""

_RANK = {"set_aside": 0, "repaired": 1, "accepted": 2}


class Group(NamedTuple):
    """Many things of one kind: what they are, what helps, and which else there are."""

    what: Text | str
    remedy: Text | str = ""
    also: Text | str = ""


@dataclass(frozen=True)
class Wording:
    """How messages are made short for a screen; files keep them as they are.

    Parameters
    ----------
    lang
        Language of the screen.
    scheme
        Its zones are called as on maps; None if unknown.
    site
        Its streets tell where coordinates are; None if unknown.
    """

    lang: Lang
    scheme: Scheme | None = None
    site: Site | None = None

    @cached_property
    def _where(self) -> Whereabouts | None:
        return None if self.site is None else Whereabouts(self.site)

    @cached_property
    def _alone(self) -> bool:
        """Whether there is one community, so that labels are enough."""
        return self.site is None or len(self.site.communities) == 1

    def zone(self, code: str) -> str:
        """A zone as maps label it; other codes as they are."""
        zone = self.scheme is not None and self._alone and re.fullmatch(r"\d{14,}", code)
        return label(code, self.scheme) if zone and self.scheme is not None else code

    def place(self, text: str) -> str:
        """Where the first place is that a text names; empty if it names none."""
        found = None if self._where is None else self._where.in_text(text)
        return "" if found is None else found.render(self.lang)

    def message(self, text: str) -> str:
        """A message with labels for codes and streets for coordinates, cut where it is long."""
        text = re.sub(r"\b\d{14,}\b", lambda code: self.zone(code[0]), text)
        text = re.sub(r"(\bat )?\(-?\d+\.\d+, -?\d+\.\d+\)", lambda point: self.place(point[0]) or point[0], text)
        return _cut(text)


def zone_lines(zones: Zones) -> list[Text]:
    """A line a tier, and one for its second load."""
    lines = []
    for row in zones.summary().to_dict(orient="records"):
        row["tier"] = tier_words(str(row["tier"]))
        row["dedicated"] = say("cli_dedicated", n=row["dedicated"]) if row["dedicated"] else ""
        own = "cli_tier" if row["load"] == HOUSEHOLDS else "cli_tier_load"
        values = {str(name): value for name, value in row.items()}
        lines.append(say(own if pd.notna(row["min"]) else "cli_tier_without", **values))
        if pd.notna(row.get("also_min")):
            lines.append(say("cli_tier_also", **values))
    return lines


def left_out_lines(site: Site) -> list[Text]:
    """How many buildings, with how many households, lie in no community or could not be read."""
    aside = site.account[(site.account["layer"] == "buildings") & (site.account["status"] == "set_aside")]
    outside = aside["reason"].str.startswith("outside")
    return [
        say(reason, n=int(lines["rows"].sum()), households=int(lines["households"].fillna(0).sum()))
        for reason, lines in (("cli_outside", aside[outside]), ("cli_not_read", aside[~outside]))
        if lines["rows"].sum()
    ]


def tier_words(name: str) -> Text | str:
    """A tier as planners call it."""
    reason = f"cli_tier_{name}"
    return say(reason) if has_text(reason) else name


def note_lines(plan: Plan, wording: Wording) -> list[Text | str]:
    """What could not be met, by reason: warnings first, then those that are about most; none if all is as asked."""
    notes = plan.notes
    if notes.empty:
        return []
    by_reason = notes.groupby("reason", sort=True)["severity"]
    warnings = notes["severity"].eq("warning").groupby(notes["reason"]).any()
    order = pd.DataFrame({"mild": ~warnings, "few": -by_reason.size()})
    reasons = order.sort_values(["mild", "few"], kind="stable").index
    groups = [_note_group(notes[notes["reason"] == reason], wording) for reason in reasons]
    return [say("cli_notes", n=len(notes)), *_section(groups, MOST_NOTES)]


def _note_group(notes: pd.DataFrame, wording: Wording) -> Group:
    """Notes of one reason; a single one in its own words, which tell the remedy too."""
    zones = [wording.zone(code) for code in notes["code"]]
    reason = notes["reason"].iloc[0]
    if len(notes) == 1:
        text = str(notes[wording.lang].iloc[0])
        first = re.split(r"\. |。", text)[0] if len(text) > LONGEST else text
        return Group(
            say("cli_one", where=zones[0], what=wording.message(first)), "" if first == text else _remedy(reason)
        )
    what = say("cli_group", what=say(f"notes_{reason}", n=len(notes)), examples=_examples(zones, len(zones)))
    return Group(what, _remedy(reason))


def account_lines(site: Site, wording: Wording) -> list[Text | str]:
    """What happened to rows and land that somebody can do something about, or that concerns people; the rest is counted."""
    lines = site.account[site.account["reason"].notna()]
    kinds = [
        _Kind(str(layer), str(status), str(reason), group)
        for (layer, status, reason), group in lines.groupby(["layer", "status", "reason"], sort=True)
    ]
    told = sorted((kind for kind in kinds if kind.matters), key=lambda kind: kind.rank)
    if not told:
        return []
    shown = [_account_group(kind, wording) for kind in told[:MOST_OF_DATA]]
    more, rest = len(told) - len(shown), len(kinds) - len(told)
    end = say("cli_nothing_to_do", more=more, n=rest) if rest else say("cli_more", n=more)
    return [say("cli_account"), *_section(shown, MOST_OF_DATA), *([end] if more or rest else [])]


class _Kind(NamedTuple):
    """Lines of an account that tell the same of one layer."""

    layer: str
    status: str
    reason: str
    lines: pd.DataFrame

    @property
    def households(self) -> int:
        """Who is not in the plan because of it."""
        held = self.lines["households"].sum(min_count=1)
        return int(held) if self.status == "set_aside" and pd.notna(held) else 0

    @property
    def matters(self) -> bool:
        """Whether it is to be told."""
        return self.status == "set_aside" or has_text(f"remedy_{self.reason}")

    @property
    def rank(self) -> tuple[object, ...]:
        """What is told first: who is left out, then what is not used, then what is about most."""
        return -self.households, _RANK[self.status], -self.cases, self.layer

    @property
    def cases(self) -> int:
        """How many rows or places."""
        return max(int(self.lines["rows"].sum()), len(self.lines))


def _account_group(kind: _Kind, wording: Wording) -> Group:
    words = {"layer": say(f"role_{kind.layer}") if has_text(f"role_{kind.layer}") else kind.layer, "n": kind.cases}
    what: Text = say("cli_account_kind", what=say(f"account_{kind.reason}"), **words)
    if kind.status == "set_aside":
        what = say("cli_set_aside", what=what)
    if kind.households:
        what = say("cli_people_left_out", what=what, n=kind.households)
    return Group(say("cli_group", what=what, examples=_account_examples(kind, wording)), _remedy(kind.reason))


def _account_examples(kind: _Kind, wording: Wording) -> Text | str:
    """The first few of what lines of an account are about: ids, or places where there are none."""
    first = kind.lines[["id", "detail"]].head(NAMED).fillna("").astype(str)
    if kind.reason in DETAILED:
        return _examples([_cut(detail) for detail in first["detail"] if detail][:1], kind.cases)
    named = [id_ or wording.place(detail) or _cut(detail) for id_, detail in first.itertuples(index=False)]
    # places take more room than ids
    shown = [name for name in named if name][: NAMED if first["id"].any() else 1]
    return _examples(shown, kind.cases)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def finding_lines(report: Report, wording: Wording, *, known: frozenset[str], brief: bool = False) -> list[Text | str]:
    """Findings by rule, gravest first, each with one of them in full.

    Parameters
    ----------
    known
        Rules of which the reader has been told already.
    brief
        Whether notes are only counted.
    """
    found = report.findings[~report.findings["rule"].isin(known)]
    kinds = [rows for _, rows in found.groupby(["severity", "rule"], sort=False)]
    shown = [rows for rows in kinds if not brief or rows["severity"].iloc[0] != "note"][:MOST_FINDINGS]
    lines = _section([_rule_group(rows, report, wording) for rows in shown], MOST_FINDINGS)
    others = [say("cli_count", what=rule_words(str(rows["rule"].iloc[0])), n=len(rows)) for rows in kinds[len(shown) :]]
    return [*lines, say("cli_others", names=_listed(others))] if others else lines


def rule_words(rule: str) -> Text | str:
    """A rule of the check by its name in the language of the reader."""
    return say(f"rule_{rule}") if has_text(f"rule_{rule}") else rule


def _rule_group(rows: pd.DataFrame, report: Report, wording: Wording) -> Group:
    """Findings of one rule; messages begin with its name."""
    severity = say(f"severity_{rows['severity'].iloc[0]}")
    what, remedy = report.words_of(rows.index[0])
    told = say("cli_rule", severity=severity, message=wording.message(what))
    if len(rows) == 1:
        return Group(told, remedy)
    others = [wording.zone(code) for code in rows["code"].iloc[1:].dropna().astype(str)]
    also = say("cli_also", n=len(rows) - 1, codes=_examples(others, len(rows) - 1))
    return Group(told, remedy, also)


def _section(groups: list[Group], most: int) -> list[Text | str]:
    """Lines of the first groups, each followed by its remedy, and how many more there are."""
    lines: list[Text | str] = []
    for group in groups[:most]:
        lines.append(say("cli_item", what=group.what))
        lines += [group.also] if group.also else []
        lines += [say("cli_remedy", remedy=group.remedy)] if group.remedy else []
    if len(groups) > most:
        lines.append(say("cli_more", n=len(groups) - most))
    return lines


def _remedy(reason: str) -> Text | str:
    return say(f"remedy_{reason}") if has_text(f"remedy_{reason}") else ""


def _examples(names: Sequence[Text | str], count: int) -> Text | str:
    """The first names, and a sign if there are more; nothing without names."""
    if not names:
        return ""
    shown = names[:NAMED]
    return say("cli_and_so_on" if count > len(shown) else "cli_examples", names=_listed(shown))


def _listed(names: Sequence[Text | str]) -> Text | str:
    return reduce(lambda one, other: say("cli_and", one=one, other=other), names)


def change_lines(changes: Changes) -> list[Text]:
    """A line a tier: who moves, and what becomes of the codes; then what became of the buildings."""
    rows = [{str(name): value for name, value in row.items()} for row in changes.summary.to_dict(orient="records")]
    rows = [row | {"tier": tier_words(str(row["tier"]))} for row in rows]
    lines = [say("diff_tier", **row) for row in rows]
    lines += [say("diff_code_moved", tier=row["tier"], n=row["codes_moved"]) for row in rows if row["codes_moved"]]
    fates = changes.buildings.drop_duplicates("group")["fate"].value_counts()
    by = changes.buildings["evidence"].value_counts()
    counts = {name: int(fates.get(name, 0)) for name in ("same", "split", "merged", "rebuilt", "new", "demolished")}
    found = {name: int(by.get(name, 0)) for name in ("id", "footprint", "name")}
    return [*lines, say("diff_buildings", **counts), say("diff_evidence", **found)]
