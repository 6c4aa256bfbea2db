"""Who is where: figures of a roster, vacancies with who could fill them, a list to fill in. Nobody is named here."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.messages import Lang, Text, say
from gridgeo.model import Plan, Roster, refuse_no_plan, tier_label

_BESIDE_M = 0.5
"""Zones that share less of a border are no neighbours [m]."""


def staffed(plan: Plan, roster: Roster) -> pd.DataFrame:
    """How many zones have a person, and how many persons are bound to a zone.

    Returns
    -------
    figures
        One row a tier, by name: zones, with_person, share of the zones, persons bound to its zones; and a row ``all``: persons of
        the roster, and the share of them that is bound to a zone.
    """
    refuse_no_plan(plan)
    person, code = roster.person, roster.table["code"]
    rows: dict[str, tuple[object, ...]] = {}
    for name in plan.scheme.names:
        codes = _own_zones(plan, name).index
        held = code[code.isin(codes)]
        zones = len(codes)
        rows[name] = (zones, held.nunique(), held.nunique() / zones, person[held.index].nunique())
    every = {code for name in plan.scheme.names for code in plan.zones(name).index}
    bound, persons = person[code.isin(every)].nunique(), person.nunique()
    rows["all"] = (pd.NA, pd.NA, bound / persons if persons else 0.0, persons)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["zones", "with_person", "share", "persons"])
    return table.astype({"zones": "Int64", "with_person": "Int64", "share": "float64", "persons": "Int64"})


def vacancies(plan: Plan, roster: Roster, tier: str | None = None) -> pd.DataFrame:
    """Zones of a tier without a person, and for each the neighbour whose persons have the least to do.

    Returns
    -------
    table
        One row a vacant zone, by code: households, neighbour (code of the zone beside it with the fewest households a person;
        `<NA>` where no neighbour has one), its households and persons.
    """
    refuse_no_plan(plan)
    zones = _own_zones(plan, plan.scheme.names[-1] if tier is None else tier)
    persons = roster.person.groupby(roster.table["code"]).nunique().reindex(zones.index, fill_value=0)
    households = zones["households"].astype("Int64").fillna(0)
    load = (households / persons.where(persons > 0)).astype("float64")
    outlines = zones.geometry.to_numpy()
    near, beside = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    long = shapely.length(shapely.intersection(outlines[near], outlines[beside])) > _BESIDE_M
    pairs = pd.DataFrame({"zone": near[long], "beside": beside[long]})
    pairs = pairs[(pairs["zone"] != pairs["beside"]) & (persons.to_numpy()[pairs["zone"]] == 0)]
    pairs["load"] = load.to_numpy(dtype=float)[pairs["beside"]]
    best = pairs.dropna().sort_values(["zone", "load", "beside"], kind="stable").drop_duplicates("zone")
    vacant = np.flatnonzero(persons.to_numpy() == 0)
    at = best.set_index("zone")["beside"].reindex(vacant).astype("Int64")
    rows = at.fillna(-1).to_numpy(dtype=np.int64)
    neighbour = zones.index.to_series().astype("string").array.take(rows, allow_fill=True)
    counted = pd.array(persons.to_numpy(), dtype="Int64").take(rows, allow_fill=True)
    return pd.DataFrame(
        {
            "households": households.to_numpy()[vacant],
            "neighbour": neighbour,
            "its_households": households.array.take(rows, allow_fill=True),
            "its_persons": counted,
        },
        index=zones.index[vacant],
    )


def _own_zones(plan: Plan, tier: str) -> gpd.GeoDataFrame:
    """Zones of a tier, without dedicated ones that stand in it again, with zeros."""
    zones = plan.zones(tier)
    if tier == plan.scheme.names[0]:
        return zones
    return zones[~zones.index.str.endswith("0" * plan.scheme.tier(tier).width)]


def roster_sheet(plan: Plan, lang: Lang = "zh") -> pd.DataFrame:
    """A list to fill in: a row for each zone of each tier, with its households, and room for role, name and phone."""
    refuse_no_plan(plan)
    parts = []
    for name in plan.scheme.names:
        zones = _own_zones(plan, name)
        columns = {
            "code": zones.index,
            "tier": _in_words(tier_label(name), lang),
            "zone": zones["name"].to_numpy(dtype=object),
        }
        parts.append(pd.DataFrame(columns | {"households": zones["households"].to_numpy()}))
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(role="", name="", phone="").astype({"code": "string", "households": "Int64", "zone": "string"})
    return table.rename(columns=lambda column: say(f"roster_{column}_head").render(lang))


def _in_words(text: Text | str, lang: Lang) -> str:
    return text.render(lang) if isinstance(text, Text) else text
