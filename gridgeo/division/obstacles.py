"""What certainly keeps limits from being met, cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridgeo.coverage.precision import Flags, Ints
from gridgeo.division.borders import Edges
from gridgeo.division.reasons import named
from gridgeo.division.search import Land, graph_of, limits_of
from gridgeo.messages import Text, say
from gridgeo.model.scheme import Scheme
from gridgeo.partition import Obstacle, explain

TOLD = ("wedged", "pocket", "component")
"""Kinds of obstacles that land makes; single buildings over a limit and numbers of zones are told elsewhere."""


def certain_obstacles(land: Land, ways: Edges, searched: Flags, scheme: Scheme) -> list[Obstacle]:
    """What no search can put within the limits of the finest tier; parameters as those of `obstacles`."""
    return explain(graph_of(land, ways, searched), limits_of(scheme)[0])


def foretold(certain: list[Obstacle], searched: Flags, scheme: Scheme, names: pd.Index, code: str) -> Text | None:
    """Certain obstacles in words, to be told before the search begins; None if there are none.

    Parameters
    ----------
    code
        Of the community, or of the given zone.

    Others as those of `obstacles`.
    """
    at = np.flatnonzero(searched)
    told, places = np.zeros(len(at), dtype=bool), []
    for one in certain:
        # the plainest reason comes first
        if one.kind != "count" and not told[one.nodes].any():
            told[one.nodes] = True
            others = f" +{len(one.nodes) - 1}" if len(one.nodes) > 1 else ""
            places.append(f"{names[at[one.nodes[0]]]}{others} ({one.total})")
    if not places:
        return None
    return say("step_certain", code=code, tier=scheme.finest.name, n=len(places), first=named(places))


def obstacles(
    land: Land,
    ways: Edges,
    searched: Flags,
    solved: list[Ints],
    scheme: Scheme,
    names: pd.Index,
    certain: list[Obstacle],
) -> pd.DataFrame:
    """Kind and total of the obstacle that each cell is part of, for each tier.

    Parameters
    ----------
    ways
        Borders that a zone may cross.
    solved
        Parts of every tier, coarse to fine. An obstacle of a coarser tier is one only as long as the finer zones are as they are.
    names
        Id of each cell.
    certain
        Those of the finest tier, as `certain_obstacles` gives them.

    Returns
    -------
    obstacles
        A row a cell, by id. ``stuck NAME`` for each tier (wedged, pocket, component; empty for most), ``stuck NAME total``
        [units of the tiers' load], and ``stuck NAME beside``, the cells of what borders it and is over the limit.
    """
    at = np.flatnonzero(searched)
    out: dict[str, np.ndarray | list[tuple[str, ...]]] = {}
    graph, finer = graph_of(land, ways, searched), np.arange(len(at))
    for tier, limits, labels in zip(reversed(scheme.tiers), limits_of(scheme), reversed(solved), strict=True):
        kind, total = np.full(len(searched), "", dtype=object), np.zeros(len(searched), dtype=np.int64)
        beside: list[tuple[str, ...]] = [()] * len(searched)
        for obstacle in certain if tier is scheme.finest else explain(graph.merged(finer), limits):
            if obstacle.kind in TOLD and not obstacle.second:
                cells = at[np.isin(finer, obstacle.nodes)]
                # the plainest reason comes first
                cells = cells[kind[cells] == ""]
                kind[cells], total[cells] = obstacle.kind, obstacle.total
                over = tuple(names[at[np.isin(finer, obstacle.beside)]])
                for cell in cells.tolist():
                    beside[cell] = over
        out |= {f"stuck {tier.name}": kind, f"stuck {tier.name} total": total, f"stuck {tier.name} beside": beside}
        finer = np.unique(labels[at], return_inverse=True)[1]
    return pd.DataFrame(out, index=names)
