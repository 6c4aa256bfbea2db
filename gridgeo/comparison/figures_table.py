"""Plans side by side: one row a tier and plan, one column a measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.comparison.borders_along_lines import borders_along_lines
from gridgeo.comparison.common_cells import CommonCells, common_cells
from gridgeo.comparison.walking_distances import is_cut, longest_walk, zone_graphs
from gridgeo.comparison.zone_sizes import codes_in, numbers, sizes
from gridgeo.coverage import Ints, compactness
from gridgeo.errors import InputError
from gridgeo.matching import difference
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import DEDICATED, HOUSEHOLDS, Plan, Tier, is_dedicated

MEASURES = {
    "zones": "Int64",
    "dedicated": "Int64",
    "load": "string",
    "within": "Float64",
    "smallest": "Int64",
    "median": "Float64",
    "largest": "Int64",
    "deviation": "Float64",
    "compactness": "Float64",
    "border": "Int64",
    "followed": "Float64",
    "compounds": "Int64",
    "across": "Int64",
    "walk": "Int64",
    "difference": "Float64",
}
"""What is compared, by the reason of its label (``weigh_...``) in the catalogue, and its dtype."""


def compare(plans: Sequence[Plan], names: Sequence[str] | None = None, *, lang: Lang = "en") -> pd.DataFrame:
    """Figures of several plans, so that people can weigh them; ``compare(plans).T`` puts the plans side by side.

    Parameters
    ----------
    plans
        Of one place; the first is the one from which differences count.
    names
        Of the plans; A, B, C ... if left out.
    lang
        Language of the labels.

    Returns
    -------
    table
        One row a tier and plan (index tier, plan). Sizes, deviation, compactness, walks and cuts are those of ordinary zones; what
        does not exist is `<NA>`.

        - zones; of them dedicated
        - balanced load: what the tier balances, by which its zones are measured; households, or another load of the site
        - zones within limits [%]; smallest, median, largest [units of this load]; mean deviation from target [%]
        - mean compactness: 4 pi area / perimeter squared, 1 for a circle (D. Polsby, R. Popper, The third criterion, 1991)
        - inner borders in all [m]: length of the borders between zones inside a community, each counted once
        - inner borders along streets, railways, water [%]: share of the borders between zones within 3 m of a street, railway or
          waterway, or beside water or railway land
        - compounds divided: compounds (小区) inside a community whose homes lie in more than one zone
        - zones cut by a wall, railway, motorway or river: one cannot walk between all their buildings without crossing it
        - longest walk inside a zone [m]: the longest of the shortest ways between two of its buildings, from cell to cell
        - differs from the first plan [% of households, or of land where nobody lives]: see `difference`

    Raises
    ------
    InputError
        If there are no plans, names do not fit, or plans have nothing in common with the first.
    """
    return worded(measured(plans, names), lang)


def measured(plans: Sequence[Plan], names: Sequence[str] | None = None) -> pd.DataFrame:
    """The figures of `compare` before they are put into words: columns tier, plan and those of `MEASURES`."""
    names = named(plans, names)
    lands = common_cells(plans)
    rows = [
        {"plan": name, **row}
        for plan, name, land, borders in zip(plans, names, lands, _all_borders(plans, lands), strict=True)
        for row in _rows(_Compared(plan, plans[0], land, borders))
    ]
    table = pd.DataFrame(rows).astype(MEASURES)
    order = {tier: depth for depth, tier in enumerate(dict.fromkeys(row["tier"] for row in rows))}
    return table.sort_values("tier", key=lambda tier: tier.map(order), kind="stable", ignore_index=True)


def worded(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Figures as `measured` gives them, as the table that `compare` gives in a language."""
    words = {name: say(f"weigh_{name}").render(lang) for name in MEASURES}
    index = pd.MultiIndex.from_arrays(
        [table["tier"].map(lambda tier: tier_words(tier, lang)), table["plan"]],
        names=[say("weigh_tier").render(lang), say("weigh_plan").render(lang)],
    )
    loads = table["load"].map(lambda load: load_words(load, lang)).astype("string")
    return table[list(MEASURES)].assign(load=loads).rename(columns=words).set_index(index)


def named(plans: Sequence[Plan], names: Sequence[str] | None) -> list[str]:
    """Names of the plans, each another.

    Raises
    ------
    InputError
        If there are no plans, or names do not fit.
    """
    if not len(plans):
        raise InputError(say("weigh_no_plans"))
    if names is None:
        letters = list(ascii_uppercase)
        return letters[: len(plans)] if len(plans) <= len(letters) else [str(k + 1) for k in range(len(plans))]
    if len(names) != len(plans) or len(set(names)) != len(names):
        raise InputError(say("weigh_names", plans=len(plans), names=", ".join(names)))
    return list(names)


def tier_words(tier: str, lang: Lang) -> str:
    """A tier as planners call it in Chinese; in English as the scheme calls it."""
    label = f"tier_{tier}"
    return say(label).render(lang) if lang == "zh" and has_text(label) else tier


def load_words(load: str, lang: Lang) -> str:
    """A load as it is called in a table: households by the word for them, others as the site calls them."""
    return say("weigh_households").render(lang) if load == HOUSEHOLDS else load


def _all_borders(plans: Sequence[Plan], lands: Sequence[CommonCells]) -> list[pd.DataFrame]:
    """Borders between the finest zones of any plan over the same land, looked up once: plans have most of them in common."""
    found: dict[int, pd.DataFrame] = {}
    for land in lands:
        if id(land) not in found:
            over = [plan for plan, other in zip(plans, lands, strict=True) if other is land]
            found[id(land)] = borders_along_lines(land, [numbers(plan, plan.scheme.finest) for plan in over])
    return [found[id(land)] for land in lands]


class _Compared(NamedTuple):
    """A plan; the first one, from which differences count; its cells, and the borders between them that are looked at."""

    plan: Plan
    first: Plan
    land: CommonCells
    borders: pd.DataFrame


def _rows(compared: _Compared) -> Iterator[dict[str, object]]:
    """Figures of each tier of a plan."""
    plan, first, land, borders = compared
    for tier in plan.scheme:
        zones = plan.zones(tier.name)
        yield {
            "tier": tier.name,
            "zones": len(zones),
            "dedicated": int((zones["kind"] == DEDICATED).sum()),
            "load": tier.load,
            **_sizes(sizes(plan, tier), tier),
            "compactness": _compactness(zones),
            **_inner(borders, numbers(plan, tier)),
            "compounds": _divided(land, codes_in(plan, tier)),
            **_walks(plan, land, tier),
            "difference": _apart(first, plan, tier),
        }


def _divided(land: CommonCells, codes: pd.Series) -> int:
    """Compounds whose homes have more than one code."""
    homes = land.homes
    return int(pd.Series(codes.to_numpy()[homes["cell"]]).groupby(homes["compound"].to_numpy()).nunique().gt(1).sum())


def _sizes(zones: pd.DataFrame, tier: Tier) -> dict[str, object]:
    load = zones["load"]
    if load.empty:
        return dict.fromkeys(("within", "smallest", "median", "largest", "deviation"), pd.NA)
    return {
        "within": round(100 * float(load.between(tier.low, tier.high).mean()), 1),
        "smallest": int(load.min()),
        "median": float(load.median()),
        "largest": int(load.max()),
        "deviation": round(100 * float(((load - zones["target"]).abs() / zones["target"]).mean()), 1),
    }


def _walks(plan: Plan, land: CommonCells, tier: Tier) -> dict[str, object]:
    ordinary = ~is_dedicated(codes_in(plan, tier), tier).to_numpy(dtype=bool)
    zones = list(zone_graphs(land, np.where(ordinary, numbers(plan, tier), -1)))
    longest_m = max((longest_walk(zone) for zone in zones), default=None)
    return {"across": sum(is_cut(zone) for zone in zones), "walk": pd.NA if longest_m is None else round(longest_m)}


def _compactness(zones: gpd.GeoDataFrame) -> object:
    shapes = zones.geometry[zones["kind"] != DEDICATED]
    return round(float(compactness(shapes.to_numpy()).mean()), 2) if len(shapes) else pd.NA


def _inner(borders: pd.DataFrame, number: Ints) -> dict[str, object]:
    borders = borders[number[borders["at"]] != number[borders["to"]]]
    length_m, followed_m = (float(borders[name].sum()) for name in ("length_m", "followed_m"))
    return {"border": round(length_m), "followed": round(100 * followed_m / length_m, 1) if length_m else pd.NA}


def _apart(first: Plan, plan: Plan, tier: Tier) -> object:
    return round(100 * difference(first, plan, tier.name), 1) if tier.name in first.scheme.names else pd.NA
