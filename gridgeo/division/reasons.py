"""Why a division is not as asked: what was joined, cut by estimate, or left outside its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from gridgeo.errors import DivisionError
from gridgeo.messages import Text, say
from gridgeo.plan import NOTE_COLUMNS, Member
from gridgeo.scheme import COMMUNITY_DIGITS, Scheme, Tier
from gridgeo.site import Site

NAMED = 5
"""Buildings or compounds named in one text; the others are counted."""


@dataclass(frozen=True)
class Note:
    """One thing that was done otherwise than asked; `cell` is one of the cells concerned, `depth` the tier."""

    reason: str
    severity: str
    cell: str
    text: Text
    depth: int | None = -1
    """Of the scheme's tiers; the finest if -1; None for what concerns the whole community."""


def explain_sizes(
    cells: gpd.GeoDataFrame, parts: pd.DataFrame, scheme: Scheme, site: Site, *, given: bool = False
) -> list[Note]:
    """One note for each zone outside its limits, with the reason: a building, a pocket, or that no better was found.

    Parameters
    ----------
    cells
        With code. Reads: institution, members and the loads of the tiers.
    parts
        Reads: pocket, pocket_load, kept.
    given
        Whether zones of the coarsest tier were given, so that they are as they are.
    """
    notes = []
    ordinary = cells[cells["institution"].isna()]
    for depth, tier in enumerate(scheme):
        code = ordinary["code"].str[: scheme.digits(tier.name)]
        load = ordinary[tier.load].fillna(0).groupby(code).sum()
        for zone in load.index[~load.map(tier.admits)]:
            inside = ordinary[code == zone]
            if (given and depth == 0) or (parts.loc[inside.index, "kept"] != "").all():
                notes.append(_as_given(inside, tier, depth, int(load[zone])))
            else:
                pocket = int(parts.loc[inside.index, "pocket_load"].max())
                why = _explain(inside, tier, int(load[zone]), pocket, given=given)
                notes.append(replace(why, depth=depth))
    return notes + _estimates(cells, site)


def note_interruption(cells: gpd.GeoDataFrame) -> list[Note]:
    """One note for each community of a search that was ended early."""
    first = cells.index.to_series().groupby(cells["community"], sort=True).first()
    return [Note("interrupted", "warning", str(cell), say("interrupted"), None) for cell in first]


def note_lost_codes(cells: gpd.GeoDataFrame, kept: pd.Series) -> list[Note]:
    """One note for each kept zone that had to change its code, because the zone above is another."""
    changed = cells["code"][(kept != "") & (cells["code"] != kept)]
    first = changed.index.to_series().groupby(kept[changed.index], sort=True).first()
    return [
        Note("kept_code_lost", "warning", str(cell), say("kept_code_lost", code=code)) for code, cell in first.items()
    ]


def note_table(notes: list[Note], cells: gpd.GeoDataFrame, scheme: Scheme) -> pd.DataFrame:
    """Notes as they stand in a plan: columns of `NOTE_COLUMNS`, by code."""
    rows = [
        {
            "reason": note.reason,
            "severity": note.severity,
            "code": str(cells.at[note.cell, "code"])[: _digits(note, scheme)],
            "zh": note.text.render("zh"),
            "en": note.text.render("en"),
        }
        for note in notes
    ]
    table = pd.DataFrame(rows, columns=list(NOTE_COLUMNS)).astype(NOTE_COLUMNS)
    return table.sort_values(["code", "reason", "en"], kind="stable", ignore_index=True)


def _digits(note: Note, scheme: Scheme) -> int:
    return COMMUNITY_DIGITS if note.depth is None else scheme.digits(scheme.names[note.depth])


def refuse_misfits(notes: pd.DataFrame) -> None:
    """Raise `DivisionError` if any zone is outside its limits, or there are not as many as asked for."""
    misfits = notes[notes["reason"].str.startswith(("size_", "count_"))]
    if len(misfits):
        first = "; ".join((misfits["code"] + ": " + misfits["en"]).head(NAMED))
        raise DivisionError(say("division_misfits", n=len(misfits), first=first), misfits.reset_index(drop=True))


def _as_given(inside: gpd.GeoDataFrame, tier: Tier, depth: int, load: int) -> Note:
    text = say("size_given", load=load, low=tier.low, high=tier.high)
    return Note("size_given", "warning", str(inside.index[0]), text, depth)


def _explain(inside: gpd.GeoDataFrame, tier: Tier, load: int, pocket: int, *, given: bool) -> Note:
    members = [member for group in inside["members"] for member in group]
    large = [member for member in members if (member.households or 0) > tier.high]
    values = {"load": load, "low": tier.low, "high": tier.high, "tier": tier.name}
    cell = str(inside.index[0])
    if load > tier.high and large:
        text = say("size_building", **values, buildings=_names(large))
        return Note("size_building", "warning", cell, text)
    if load < tier.low and pocket < tier.low:
        text = say("size_pocket_given" if given else "size_pocket", **values, pocket=pocket)
        return Note("size_pocket", "warning", cell, text)
    return Note("size_no_better", "warning", cell, say("size_no_better", **values, largest=_largest(members)))


def _largest(members: list[Member]) -> int:
    return max((member.households or 0 for member in members), default=0)


def _estimates(cells: gpd.GeoDataFrame, site: Site) -> list[Note]:
    """One note for each building that was cut into parts that nothing in the data tells."""
    cut: dict[str, tuple[str, int]] = {}
    for cell, members in zip(cells.index, cells["members"], strict=True):
        for member in members:
            if member.cut == "equal":
                first, n = cut.get(member.building, (str(cell), 0))
                cut[member.building] = (min(first, str(cell)), n + 1)
    figures = site.buildings["households"]
    return [
        Note("cut_equal", "note", cell, say("cut_equal", building=building, n=n, households=figures[building]))
        for building, (cell, n) in sorted(cut.items())
    ]


def _names(members: list[Member]) -> str:
    ordered = sorted(members, key=lambda member: (-(member.households or 0), member.building, member.unit or ""))
    names = [
        f"{member.building}{'/' + member.unit if member.unit else ''} ({member.households})"
        for member in ordered[:NAMED]
    ]
    return ", ".join(names) + (f" +{len(ordered) - NAMED}" if len(ordered) > NAMED else "")
