"""Why a division is not as asked: what was joined, cut by estimate, or left outside its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.errors import DivisionError
from gridgeo.messages import Text, say
from gridgeo.model.codes import COMMUNITY_DIGITS, is_dedicated
from gridgeo.model.loads import amount, figure, member_loads
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Also, Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import NOTE_COLUMNS

NAMED = 5
"""Buildings or compounds named in one text; the others are counted."""

STUCK = {"wedged": "size_wedged", "pocket": "size_pocket_forced", "component": "size_component"}
"""Texts for obstacles that are certain."""


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
    cells: gpd.GeoDataFrame,
    edges: pd.DataFrame,
    parts: pd.DataFrame,
    scheme: Scheme,
    site: Site,
    *,
    given: bool,
    split: bool,
    longer: Text | str,
) -> list[Note]:
    """One note for each zone outside limits of its own or the second load: a building, a pocket, or that no better was found.

    A zone holds what is in it, as in the tables of zones: above the tier at which they stand, also its dedicated zones. Those have
    no limits themselves.

    Parameters
    ----------
    cells
        With code. Reads: institution, members and the loads of the tiers.
    edges
        Their adjacency. Reads: a, b.
    parts
        Reads: pocket, pocket_load, kept, and the columns of `obstacles`.
    given
        Whether zones of the coarsest tier were given, so that they are as they are.
    split
        Whether large buildings were to be cut into equal parts where nothing tells how.
    longer
        Advice to search longer.
    """
    ordinary = ~is_dedicated(cells["code"], scheme.finest)
    loads = dict.fromkeys(limits.load for tier in scheme for limits in tier.limits)
    members = {load: member_loads(cells, site.buildings, load) for load in loads}
    around = _institutions_around(cells, edges, site)
    divided = cells["code"].str[: scheme.digits(scheme.names[0]) if given else COMMUNITY_DIGITS]
    notes = []
    for depth, tier in enumerate(scheme):
        code = cells["code"].str[: scheme.digits(tier.name)]
        code = code[~is_dedicated(code, tier)]
        for limits in tier.limits:
            figures = cells[limits.load].fillna(0)
            load = figures[code.index].groupby(code).sum()
            for zone in load.index[~load.map(limits.admits)]:
                whole = code.index[code == zone]
                inside = whole[ordinary[whole]]
                own = parts.loc[inside]
                held = members[limits.load][members[limits.load]["cell"].isin(inside)]
                apart = int(load[zone] - figures[inside].sum())
                firm = tier.also if tier.also is not None and tier.also.hard else None
                misfit = _Misfit(str(whole[0]), limits, int(load[zone]), apart, held, longer, firm)
                if (given and depth == 0) or (own["kept"] != "").all():
                    note = _as_given(misfit)
                elif limits is tier.also:
                    note = _second_outside(misfit)
                else:
                    land = figures[ordinary & (divided == divided[whole[0]])].sum()
                    shut_in = named(sorted(set(around[around.index.isin(inside)])))
                    pocket = _Pocket(int(own["pocket_load"].max()), int(land), shut_in, given)
                    note = _explain(misfit, pocket, _stuck(own, tier, members[limits.load]), site, split=split)
                notes.append(replace(note, depth=depth))
    return notes + _estimates(cells, site)


def _institutions_around(cells: gpd.GeoDataFrame, edges: pd.DataFrame, site: Site) -> pd.Series:
    """Names of the institutions that border cells of none, by cell, a row a border."""
    own = cells.index[cells["institution"].notna()]
    edges = edges[edges["a"].isin(own) | edges["b"].isin(own)]
    one, other = (pd.concat([edges[end] for end in ends], ignore_index=True) for ends in (("a", "b"), ("b", "a")))
    institution = cells["institution"].reindex(other).to_numpy(dtype=object, na_value=None)
    beside = pd.Series(institution, index=one).dropna()
    beside = beside[cells["institution"].reindex(beside.index).isna().to_numpy()]
    return beside.map(institution_names(site))


def institution_names(site: Site) -> pd.Series:
    """What an institution is called, by id: its name, or its id where it has none."""
    names = site.layer("institutions")["name"].astype("object")
    return names.where(names.notna(), names.index.to_series())


class _Pocket(NamedTuple):
    """Land that nothing passable joins to other land: its load, that of its community or given zone, and institutions around."""

    load: int
    land: int
    around: str
    given: bool

    def why(self, low: int) -> str:
        """The text that tells why it is too little."""
        if self.given:
            return "size_pocket_shut" if self.around and self.load < self.land else "size_pocket_given"
        if self.land < low:
            return "size_community"
        return "size_pocket_shut" if self.around else "size_pocket"


class _Stuck(NamedTuple):
    """The obstacle in a zone: its kind, empty if none is certain; its total; and members of what is too large beside it."""

    kind: str
    total: int
    beside: pd.DataFrame


class _Misfit(NamedTuple):
    """A zone outside limits: one of its cells, the limits, what it holds, how much of that in dedicated zones, others' members.

    And advice to search longer, and hard limits of a second load, which it has to keep as well.
    """

    cell: str
    limits: Also
    load: int
    apart: int
    members: pd.DataFrame
    longer: Text | str
    firm: Also | None

    def say(self, reason: str, **values: object) -> Text:
        """A text with what every text about such a zone needs."""
        limits = self.limits
        return say(reason, amount=amount(limits.load, self.load), low=limits.low, high=limits.high, **values)

    @property
    def largest(self) -> object:
        """What the largest member holds."""
        return figure(self.limits.load, self.members["figure"].fillna(0).max() if len(self.members) else 0)


def note_interruption(cells: gpd.GeoDataFrame) -> list[Note]:
    """One note for each community of a search that was ended early."""
    return _of_each_community(cells, "warning", say("interrupted"))


def note_budget(cells: gpd.GeoDataFrame, seconds: float, effort: str) -> list[Note]:
    """One note for each community of a search that was measured out in seconds, with the steps that they were."""
    return _of_each_community(cells, "note", say("effort_seconds", seconds=f"{seconds:g}", effort=effort))


def _of_each_community(cells: gpd.GeoDataFrame, severity: str, text: Text) -> list[Note]:
    """The same note for each community."""
    first = cells.index.to_series().groupby(cells["community"], sort=True).first()
    return [Note(text.reason, severity, str(cell), text, None) for cell in first]


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


def refuse_misfits(plan: Plan) -> None:
    """Raise `DivisionError` if any zone is outside its limits, or there are not as many as asked for."""
    misfits = plan.notes[plan.notes["reason"].str.startswith(("size_", "count_"))]
    if len(misfits):
        first = "; ".join((misfits["code"] + ": " + misfits["en"]).head(NAMED))
        raise DivisionError(say("division_misfits", n=len(misfits), first=first), misfits.reset_index(drop=True), plan)


def _as_given(misfit: _Misfit) -> Note:
    return Note("size_given", "warning", misfit.cell, misfit.say("size_given"))


def _second_outside(misfit: _Misfit) -> Note:
    if not misfit.limits.hard:
        return Note("second_outside", "warning", misfit.cell, misfit.say("second_outside"))
    text = misfit.say("size_second", largest=misfit.largest, longer=misfit.longer)
    return Note("size_second", "warning", misfit.cell, text)


def _stuck(own: pd.DataFrame, tier: Tier, members: pd.DataFrame) -> _Stuck:
    """The obstacle in a zone. The cells that come first decide."""
    name = f"stuck {tier.name}"
    kind = own[name].fillna("") if name in own else pd.Series("", index=own.index)
    told = kind.index[kind != ""]
    if not len(told):
        return _Stuck("", 0, members[:0])
    beside = members[members["cell"].isin(own.at[told[0], f"{name} beside"])]
    return _Stuck(kind[told[0]], int(own.at[told[0], f"{name} total"]), beside)


def _explain(misfit: _Misfit, pocket: _Pocket, stuck: _Stuck, site: Site, *, split: bool) -> Note:
    limits = misfit.limits
    reason, large = _too_large(misfit.members, limits.high)
    if misfit.load > limits.high and len(large):
        text = misfit.say(reason, buildings=_names(large), advice=_how_to_part(large, reason, site, split=split))
        return Note(reason, "warning", misfit.cell, text)
    if misfit.apart and limits.admits(misfit.load - misfit.apart):
        text = misfit.say("size_dedicated", apart=figure(limits.load, misfit.apart))
        return Note("size_dedicated", "warning", misfit.cell, text)
    if misfit.load < limits.low and pocket.load < limits.low:
        held = {"pocket": figure(limits.load, pocket.load), "land": amount(limits.load, pocket.land)}
        text = misfit.say(pocket.why(limits.low), around=pocket.around, **held)
        return Note("size_pocket", "warning", misfit.cell, text)
    total = amount(limits.load, stuck.total)
    reason, large = _too_large(stuck.beside, limits.high)
    if stuck.kind == "component" and len(large):
        advice = _how_to_part(large, reason, site, split=split)
        text = misfit.say("size_component_beside", total=total, buildings=_names(large), advice=advice)
    elif stuck.kind == "component" and stuck.total == pocket.land and not pocket.given:
        text = misfit.say("size_component_whole", total=total)
    elif stuck.kind in STUCK:
        text = misfit.say(STUCK[stuck.kind], largest=misfit.largest, total=total, longer=misfit.longer)
    elif misfit.firm is None:
        text = misfit.say("size_no_better", largest=misfit.largest, longer=misfit.longer)
    else:
        second = {"second": misfit.firm.load, "least": misfit.firm.low, "most": misfit.firm.high}
        text = misfit.say("size_no_better_firm", largest=misfit.largest, longer=misfit.longer, **second)
    return Note(STUCK.get(stuck.kind, "size_no_better"), "warning", misfit.cell, text)


def _too_large(members: pd.DataFrame, high: int) -> tuple[str, pd.DataFrame]:
    """Members that are above a limit alone, or else those that are so with the others in their cell; and the text that says so."""
    alone = members[(members["figure"] > high).fillna(value=False)]
    if len(alone):
        return "size_building", alone
    together = members.groupby("cell")["figure"].transform("sum") > high
    return "size_together", members[together.fillna(value=False).astype(bool)]


def _how_to_part(large: pd.DataFrame, reason: str, site: Site, *, split: bool) -> Text:
    """What to do about members as `_too_large` gives them."""
    return _how_to_cut(large, site, split=split) if reason == "size_building" else say("advice_together")


def _how_to_cut(large: pd.DataFrame, site: Site, *, split: bool) -> Text:
    """What is missing to cut members that are above a limit alone."""
    buildings = site.buildings.loc[large["building"]]
    points = shapely.get_dimensions(buildings.geometry.to_numpy()) == 0
    # the table of entrances goes before their mere number, as where they are cut
    entrances = (
        site.unit_households["building"].value_counts().reindex(buildings.index).to_numpy(float, na_value=np.nan)
    )
    units = buildings["units"].to_numpy(float, na_value=0)
    entrances = np.where(np.isnan(entrances), units, entrances)
    floors = (buildings["levels"] >= 2).to_numpy(dtype=bool, na_value=False)
    whole = large["unit"].isna().to_numpy()
    untold = whole & (entrances < 1)
    low = ~floors & (~whole | (entrances == 1))
    # what is still whole although it is told how to cut it, or was to be cut in any case, had no room for its parts
    kinds = np.select(
        [points, whole & split, untold, low, whole], ["footprint", "room", "units", "floors", "room"], "limit"
    )
    advice = [say(f"advice_{kind}") for kind in ("footprint", "units", "floors", "room", "limit") if kind in kinds]
    return reduce(lambda one, other: say("one_and", one=one, other=other), advice)


def _estimates(cells: gpd.GeoDataFrame, site: Site) -> list[Note]:
    """One note for each building that was cut into parts that nothing in the data tells."""
    parts = [
        (member.building, str(cell), str(code))
        for cell, code, members in zip(cells.index, cells["code"], cells["members"], strict=True)
        for member in members
        if member.cut == "equal"
    ]
    figures = site.buildings["households"]
    entrances = site.buildings["units"].notna()
    entrances |= site.buildings.index.isin(site.unit_households["building"])
    notes = []
    for building, own in pd.DataFrame(parts, columns=["building", "cell", "code"]).groupby("building", sort=True):
        zones = named(sorted(set(own["code"])))
        reason = "cut_equal_floors" if entrances[building] else "cut_equal"
        text = say(reason, building=building, n=len(own), households=figures[building], zones=zones)
        notes.append(Note("cut_equal", "note", own["cell"].min(), text))
    return notes


def _names(members: pd.DataFrame) -> str:
    ordered = members.assign(unit=members["unit"].fillna(""), rank=-members["figure"])
    ordered = ordered.sort_values(["rank", "building", "unit"], kind="stable")
    return named([f"{row.building}{'/' + row.unit if row.unit else ''} ({row.figure})" for row in ordered.itertuples()])


def named(names: list[str]) -> str:
    """The first names, and how many more there are.

    Parameters
    ----------
    names
        In the order in which they matter.
    """
    return ", ".join(names[:NAMED]) + (f" +{len(names) - NAMED}" if len(names) > NAMED else "")
