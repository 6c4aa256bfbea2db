"""Why zones are outside their limits: a building, a pocket, an obstacle that is certain, or that no better was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.coverage import Flags, Ints
from gridgeo.division.explain.note import Note, NumberedLand
from gridgeo.division.request import named
from gridgeo.messages import Text, say
from gridgeo.model import COMMUNITY_DIGITS, Also, Site, Tier, amount, figure, is_dedicated

CERTAIN = {
    "wedged": "size_wedged",
    "pocket": "size_pocket_forced",
    "component": "size_component",
    "weighed": "size_weighed",
}
"""Texts for obstacles that are certain."""

ADVICE = ("footprint", "units", "floors", "room", "limit", "together", "few")
"""What can be done about members that are above a limit alone, the most useful first; each has a text ``advice_...``."""

VAIN = frozenset({"limit", "few"})
"""Advice that leaves such members as they are."""

INDIVISIBLE = "size_indivisible"
"""Reason of a note on members above a limit alone that are better left as they are."""


def note_sizes(land: NumberedLand, *, split: bool) -> list[Note]:
    """One note for each zone outside limits of its own or the second load: a building, a pocket, or that no better was found.

    A zone holds what is in it, as in the tables of zones: above the tier at which they stand, also its dedicated zones. Those have
    no limits themselves.

    Parameters
    ----------
    split
        Whether large buildings were to be cut into equal parts where nothing tells how.
    """
    ordinary = ~is_dedicated(land.code, land.scheme.finest).to_numpy(dtype=bool)
    around = _Around(ordinary, _land_codes(land), _institutions_around(land), _Cutting(land.site, split))
    return [
        replace(_why(land, misfit, around), depth=land.scheme.depth(tier.name))
        for tier in land.scheme
        for misfit in _misfits(land, tier, around)
    ]


class _Around(NamedTuple):
    """What is known of all cells: which are in no dedicated zone, the land that was divided, institutions that border them.

    And how large members can be parted.
    """

    ordinary: Flags
    land: pd.Series
    institutions: pd.Series
    cutting: _Cutting


def _land_codes(land: NumberedLand) -> pd.Series:
    """Code of the land that was divided for itself."""
    given = land.ground.drawings.given is not None
    return land.code.str[: land.scheme.digits(land.scheme.names[0]) if given else COMMUNITY_DIGITS]


def _institutions_around(land: NumberedLand) -> pd.Series:
    """Names of the institutions that border cells of none, by position of the cell, a row a border."""
    borders = land.ground.borders
    institution = land.cells["institution"].to_numpy(dtype=object, na_value=None)
    ends, others = np.concatenate([borders.a, borders.b]), np.concatenate([borders.b, borders.a])
    own = pd.notna(institution)
    beside = own[others] & ~own[ends]
    return pd.Series(institution[others[beside]], index=ends[beside]).map(land.institutions)


def _misfits(land: NumberedLand, tier: Tier, around: _Around) -> Iterator[_Misfit]:
    """Zones of a tier outside limits."""
    code = land.codes(tier)
    code = code[~is_dedicated(code, tier)]
    cells = land.places(code.index)
    for limits in tier.limits:
        figures = land.ground.sums.loads[limits.load]
        load = pd.Series(figures[cells]).groupby(code.to_numpy(), sort=True).sum()
        for zone in load.index[~load.map(limits.admits)]:
            whole = cells[(code == zone).to_numpy(dtype=bool)]
            inside = whole[around.ordinary[whole]]
            members = land.members(limits.load)
            held = members[members["cell"].isin(land.code.index[inside])]
            apart = int(load[zone] - figures[inside].sum())
            yield _Misfit(tier, limits, whole, inside, int(load[zone]), apart, held, land.longer)


def _why(land: NumberedLand, misfit: _Misfit, around: _Around) -> Note:
    """Why a zone is outside limits."""
    ground, tier, limits, inside = land.ground, misfit.tier, misfit.limits, misfit.inside
    given = ground.drawings.given is not None
    if (given and tier is land.scheme.tiers[0]) or (ground.kept.code.iloc[inside] != "").all():
        return _as_given(misfit)
    if limits is tier.also:
        return _second_outside(misfit)
    divided = (around.land == around.land.iloc[misfit.cell]).to_numpy(dtype=bool)
    total = ground.sums.loads[limits.load][around.ordinary & divided].sum()
    names = around.institutions
    shut_in = named(sorted(set(names[names.index.isin(inside)])))
    pocket = _Pocket(int(land.parts.pocket_load[inside].max()), int(total), shut_in, given)
    return _explained(misfit, _Hindrances(pocket, _obstacle_in(land, misfit), around.cutting))


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


class _Obstacle(NamedTuple):
    """The obstacle in a zone: its kind, empty if none is certain; its total; and members of what is too large beside it."""

    kind: str
    total: int
    beside: pd.DataFrame


class _Hindrances(NamedTuple):
    """What may keep a zone from being within limits, and how large members can be parted."""

    pocket: _Pocket
    obstacle: _Obstacle
    cutting: _Cutting


class _Misfit(NamedTuple):
    """A zone outside limits.

    Parameters
    ----------
    tier, limits
        Its tier, and the limits.
    cells, inside
        Positions of its cells, and of those that are in no dedicated zone.
    load, apart
        What it holds, and how much of that in dedicated zones.
    members
        Of the others.
    longer
        Advice to search longer.
    """

    tier: Tier
    limits: Also
    cells: Ints
    inside: Ints
    load: int
    apart: int
    members: pd.DataFrame
    longer: Text | str

    @property
    def cell(self) -> int:
        """Position of one of its cells."""
        return int(self.cells[0])

    @property
    def firm(self) -> Also | None:
        """Hard limits of a second load, which it has to keep as well."""
        also = self.tier.also
        return also if also is not None and also.hard else None

    @property
    def largest(self) -> object:
        """What the largest member holds."""
        return figure(self.limits.load, self.members["figure"].fillna(0).max() if len(self.members) else 0)

    def say(self, reason: str, **values: object) -> Text:
        """A text with what every text about such a zone needs."""
        limits = self.limits
        return say(reason, amount=amount(limits.load, self.load), low=limits.low, high=limits.high, **values)

    def note(self, reason: str, text: Text) -> Note:
        """A note on it."""
        return Note(reason, "warning", self.cell, text)


def _as_given(misfit: _Misfit) -> Note:
    return misfit.note("size_given", misfit.say("size_given"))


def _second_outside(misfit: _Misfit) -> Note:
    if not misfit.limits.hard:
        return misfit.note("second_outside", misfit.say("second_outside"))
    return misfit.note("size_second", misfit.say("size_second", largest=misfit.largest, longer=misfit.longer))


def _obstacle_in(land: NumberedLand, misfit: _Misfit) -> _Obstacle:
    """The obstacle in a zone."""
    members, cells = land.members(misfit.limits.load), land.parts.obstacles.get(misfit.tier.name)
    found = None if cells is None else cells.at(misfit.inside)
    if found is None:
        return _Obstacle("", 0, members[:0])
    beside = members["cell"].isin(land.code.index[found.beside])
    return _Obstacle(found.kind, found.total, members[beside])


def _explained(misfit: _Misfit, found: _Hindrances) -> Note:
    """A note that tells the plainest reason."""
    limits, pocket = misfit.limits, found.pocket
    reason, large = _too_large(misfit.members, limits.high)
    if misfit.load > limits.high and len(large):
        advice = found.cutting.advice(large, reason, limits)
        text = misfit.say(reason, buildings=_names(large), advice=_joined(advice))
        return misfit.note(INDIVISIBLE if VAIN.issuperset(advice) else reason, text)
    if misfit.apart and limits.admits(misfit.load - misfit.apart):
        return misfit.note("size_dedicated", misfit.say("size_dedicated", apart=figure(limits.load, misfit.apart)))
    if misfit.load < limits.low and pocket.load < limits.low:
        held = {"pocket": figure(limits.load, pocket.load), "land": amount(limits.load, pocket.land)}
        why = pocket.why(limits.low)
        reason = why if why == "size_community" else "size_pocket"
        return misfit.note(reason, misfit.say(why, around=pocket.around, **held))
    return misfit.note(CERTAIN.get(found.obstacle.kind, "size_no_better"), _hindered(misfit, found))


def _hindered(misfit: _Misfit, found: _Hindrances) -> Text:
    """Which obstacle is in the way; or that no better was found."""
    pocket, obstacle, cutting = found
    total = amount(misfit.limits.load, obstacle.total)
    if obstacle.kind == "component":
        reason, large = _too_large(obstacle.beside, misfit.limits.high)
        if len(large):
            advice = _joined(cutting.advice(large, reason, misfit.limits))
            told = {"buildings": _names(large), "advice": advice}
            return misfit.say("size_component_beside", total=total, **told)
        if obstacle.total == pocket.land and not pocket.given:
            return misfit.say("size_component_whole", total=total)
    searched = {"largest": misfit.largest, "longer": misfit.longer}
    if obstacle.kind in CERTAIN:
        return misfit.say(CERTAIN[obstacle.kind], total=total, **searched)
    if misfit.firm is None:
        return misfit.say("size_no_better", **searched)
    second = {"second": misfit.firm.load, "least": misfit.firm.low, "most": misfit.firm.high}
    return misfit.say("size_no_better_firm", **searched, **second)


def _too_large(members: pd.DataFrame, high: int) -> tuple[str, pd.DataFrame]:
    """Members that are above a limit alone, or else those that are so with the others in their cell; and the text that says so."""
    alone = members[(members["figure"] > high).fillna(value=False)]
    if len(alone):
        return "size_building", alone
    together = members.groupby("cell")["figure"].transform("sum") > high
    return "size_together", members[together.fillna(value=False).astype(bool)]


class _Cutting(NamedTuple):
    """How members above a limit can be parted.

    Parameters
    ----------
    site
        Where their figures are from.
    split
        Whether large buildings were to be cut into equal parts where nothing tells how.
    """

    site: Site
    split: bool

    def advice(self, large: pd.DataFrame, reason: str, limits: Also) -> list[str]:
        """What to do about members as `_too_large` gives them: kinds of advice (texts ``advice_...``), the most useful first."""
        if reason != "size_building":
            return ["together"]
        kinds = self._kinds(large, limits)
        return [kind for kind in ADVICE if kind in kinds]

    def _kinds(self, large: pd.DataFrame, limits: Also) -> npt.NDArray[np.str_]:
        """What is missing to cut each of these members, which are above a limit alone; or why that would not help."""
        buildings = self.site.buildings.loc[large["building"]]
        points = shapely.get_dimensions(buildings.geometry.to_numpy()) == 0
        # the table of entrances goes before their mere number, as where they are cut
        listed = self.site.unit_households["building"].value_counts().reindex(buildings.index)
        entrances = listed.to_numpy(float, na_value=np.nan)
        entrances = np.where(np.isnan(entrances), buildings["units"].to_numpy(float, na_value=0), entrances)
        floors = (buildings["levels"] >= 2).to_numpy(dtype=bool, na_value=False)
        whole = large["unit"].isna().to_numpy()
        untold = whole & (entrances < 1)
        low = ~floors & (~whole | (entrances == 1))
        few = _parts_below(large["figure"].to_numpy(dtype=np.int64), limits)
        # what is still whole although it is told how to cut it, or was to be cut in any case, had no room for its parts
        return np.select(
            [few, points, whole & self.split, untold, low, whole],
            ["few", "footprint", "room", "units", "floors", "room"],
            "limit",
        )


def _parts_below(held: Ints, limits: Also) -> Flags:
    """Whether equal parts, of which each is within the upper limit, would be below the lower one: to cut would make it worse."""
    return np.asarray(held // -(-held // limits.high) < limits.low)


def _joined(kinds: list[str]) -> Text:
    advice = [say(f"advice_{kind}") for kind in kinds]
    return reduce(lambda one, other: say("one_and", one=one, other=other), advice)


def note_estimates(land: NumberedLand) -> list[Note]:
    """One note for each building that was cut into parts that nothing in the data tells."""
    members = land.members(land.scheme.finest.load)
    parts = members[members["cut"] == "equal"]
    buildings = land.site.buildings
    entrances = buildings["units"].notna() | buildings.index.isin(land.site.unit_households["building"])
    notes = []
    for building, own in parts.groupby("building", sort=True):
        zones = named(sorted(set(land.code[own["cell"]])))
        reason = "cut_equal_floors" if entrances[building] else "cut_equal"
        told = {"building": building, "n": len(own), "households": buildings["households"][building], "zones": zones}
        cell = int(land.places(pd.Index([own["cell"].min()]))[0])
        notes.append(Note("cut_equal", "note", cell, say(reason, **told)))
    return notes


def _names(members: pd.DataFrame) -> str:
    ordered = members.assign(unit=members["unit"].fillna(""), rank=-members["figure"])
    ordered = ordered.sort_values(["rank", "building", "unit"], kind="stable")
    rows = zip(ordered["building"], ordered["unit"], ordered["figure"], strict=True)
    return named([f"{building}{'/' if unit else ''}{unit} ({figure})" for building, unit, figure in rows])
