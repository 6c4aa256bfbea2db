"""Minutes on foot from every building to the nearest post, who is too far and why, and how few posts would do."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from gridgeo.coverage import Floats, Ints, brought_to
from gridgeo.errors import CrsError, InputError
from gridgeo.messages import say
from gridgeo.model import Plan, refuse_no_plan
from gridgeo.people.street_network import BARRIER, NO_STREET, network_of

MINUTES, SPEED_KMH = 5.0, 4.5
_REASONS = {NO_STREET: "no_street", BARRIER: "barrier"}
FAR, CUT_OFF = "distance", "no_way"
"""Of the column `reason`, besides no_street and barrier: farther than asked; no way over the streets."""
_AT_ONCE = 256
"""Places from which ways are searched at once."""


@dataclass(frozen=True)
class Reach:
    """Who is within reach of posts.

    Parameters
    ----------
    buildings
        One row a building, by id: minutes (on foot to the nearest post; `<NA>` where there is no way), post (its name), households,
        reason (empty within reach; distance, no_street, barrier, no_way), geometry.
    tiers
        One row a zone, by code: tier, households, within (households within reach), share.
    lost_posts
        Names of posts from which no street is reached.
    """

    buildings: gpd.GeoDataFrame
    tiers: pd.DataFrame
    lost_posts: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of all households within reach [0-1]."""
        held = self.buildings["households"].fillna(0)
        total = int(held.sum())
        return float(held[self.buildings["reason"].isna()].sum()) / total if total else 1.0

    def __repr__(self) -> str:
        """The share, and how many buildings are too far."""
        far = int(self.buildings["reason"].notna().sum())
        return f"Reach(households within {100 * self.share:.1f} %, buildings too far {far} of {len(self.buildings)})"


def reach(
    plan: Plan, posts: gpd.GeoDataFrame | gpd.GeoSeries, minutes: float = MINUTES, *, speed_kmh: float = SPEED_KMH
) -> Reach:
    """Measure the ways on foot from every building to the nearest post, over the streets.

    Walls (but for gates), water and railways hold up who walks from a building to a street; motorways are not walked. Streets are
    connected where they cross, bridges and tunnels at their ends.

    Parameters
    ----------
    posts
        Points or footprints in any reference system; column `name`, or their index, names them.
    minutes
        What counts as within reach [min].
    speed_kmh
        Of who walks [km/h].

    Raises
    ------
    InputError
        If there are no posts, or the site has no streets.
    CrsError
        If posts state no reference system.
    """
    refuse_no_plan(plan)
    names, shapes = _posts(plan, posts)
    buildings = _inhabited(plan)
    net = network_of(plan.site, np.concatenate([shapes, buildings.geometry.to_numpy()]))
    sources, targets = net.node[: len(shapes)], net.node[len(shapes) :]
    metres, _, nearest = dijkstra(net.ways, directed=False, indices=sources, min_only=True, return_predecessors=True)
    walked = metres[targets] / (speed_kmh * 1000 / 60)
    # posts are nodes one after the other
    post = np.array(names, dtype=object)[np.clip(nearest[targets] - sources[0], 0, len(names) - 1)]
    there = np.isfinite(walked)
    reason = np.full(len(there), FAR, dtype=object)
    reason[~there] = CUT_OFF
    reason[there & (walked <= minutes)] = None
    for state, word in _REASONS.items():
        reason[net.access[len(shapes) :] == state] = word
    post[~there] = None
    table = buildings.assign(
        minutes=pd.Series(np.where(there, np.round(walked, 2), np.nan), buildings.index).astype("Float64"),
        post=pd.Series(post, buildings.index, dtype="string"),
        reason=pd.Series(reason, buildings.index, dtype="string"),
    )
    lost = tuple(str(name) for name, state in zip(names, net.access[: len(shapes)], strict=True) if state in _REASONS)
    return Reach(table[["minutes", "post", "households", "reason", "geometry"]], _by_zone(plan, table), lost)


def _posts(plan: Plan, posts: gpd.GeoDataFrame | gpd.GeoSeries) -> tuple[list[str], Floats]:
    """Names, and shapes in the system of the plan."""
    if len(posts) == 0:
        raise InputError(say("reach_no_posts"))
    if posts.crs is None:
        raise CrsError(say("places_no_crs"))
    if plan.site.layer("streets").empty:
        raise InputError(say("reach_no_streets"))
    named = isinstance(posts, gpd.GeoDataFrame) and "name" in posts.columns
    names = posts["name"].fillna("-") if named else posts.index.to_series()
    moved = brought_to(gpd.GeoDataFrame(geometry=posts.geometry), plan.cells.crs)
    return [str(name) for name in names], moved.geometry.to_numpy()


def _inhabited(plan: Plan) -> gpd.GeoDataFrame:
    """Buildings of the plan, with the households of all their parts."""
    households = plan.members.groupby("building", sort=True)["households"].sum(min_count=1)
    shapes = plan.site.buildings.geometry.reindex(households.index)
    return gpd.GeoDataFrame({"households": households.astype("Int64")}, geometry=shapes, crs=plan.cells.crs)


def _by_zone(plan: Plan, table: gpd.GeoDataFrame) -> pd.DataFrame:
    """Households within reach, by zone of each tier."""
    members = plan.members
    codes = members["cell"].map(plan.cells["code"])
    within = members["building"].map(table["reason"].isna()).to_numpy(dtype=bool)
    parts = []
    for name in plan.scheme.names:
        code = codes.str[: plan.scheme.digits(name)].rename("code")
        held = members["households"].fillna(0).groupby(code).sum().astype("Int64")
        inside = members["households"].fillna(0).where(within, 0).groupby(code).sum().astype("Int64")
        share = (inside / held.where(held > 0)).astype("Float64")
        parts.append(pd.DataFrame({"tier": name, "households": held, "within": inside, "share": share}))
    return pd.concat(parts)


@dataclass(frozen=True)
class Posts:
    """How few posts bring everybody within reach.

    Parameters
    ----------
    places
        The chosen buildings, by id, with geometry.
    proven
        Whether fewer cannot do.
    bound
        Number below which no choice can go.
    left_out
        Ids of buildings that no place can reach.
    """

    places: gpd.GeoDataFrame
    proven: bool
    bound: int
    left_out: tuple[str, ...]


def posts_needed(plan: Plan, minutes: float = MINUTES, *, speed_kmh: float = SPEED_KMH, seconds: float = 30.0) -> Posts:
    """Find the fewest buildings at which posts would bring every household within reach: a set cover, solved by HiGHS.

    Parameters
    ----------
    minutes, speed_kmh
        As in `reach`.
    seconds
        Of the search; what is found then is told with the number below which no choice can go. A place where every row has a way
        to a street covers itself, so that there is always a choice.
    """
    refuse_no_plan(plan)
    buildings = _inhabited(plan)
    net = network_of(plan.site, buildings.geometry.to_numpy())
    inside = np.flatnonzero(net.access == 0)
    pairs = _within(net.ways, net.node[inside], minutes * speed_kmh * 1000 / 60)
    wanted = np.flatnonzero((buildings["households"].fillna(0) > 0).to_numpy()[inside])
    order = np.full(len(inside), -1)
    order[wanted] = np.arange(len(wanted))
    keep = order[pairs[0]] >= 0
    shape = (len(wanted), len(inside))
    cover = coo_array((np.ones(int(keep.sum())), (order[pairs[0][keep]], pairs[1][keep])), shape=shape).tocsr()
    chosen, bound = _cover(cover, seconds)
    left = buildings.index[(net.access != 0) & (buildings["households"].fillna(0) > 0).to_numpy()]
    return Posts(buildings.iloc[inside[chosen]], len(chosen) == bound, bound, tuple(map(str, left)))


def _cover(cover: csr_array, seconds: float) -> tuple[Ints, int]:
    """The fewest columns that cover all rows, or the fewest that were found in time, and a number below which none can go."""
    greedy = _greedy(cover)
    every = np.ones(cover.shape[1])
    bounds, wanted = Bounds(0, 1), LinearConstraint(cover, lb=1)
    found = milp(every, integrality=every, bounds=bounds, constraints=wanted, options={"time_limit": seconds})
    proven = found.mip_dual_bound if found.get("mip_dual_bound") is not None else 0.0
    bound = max(int(np.ceil(proven - 1e-6)), min(1, len(greedy)))
    better = greedy if found.x is None else np.flatnonzero(found.x > 0.5)
    return (better if len(better) < len(greedy) else greedy), bound


def _greedy(cover: csr_array) -> Ints:
    """Columns, each the one that covers most of what is left."""
    left, columns, chosen = np.ones(cover.shape[0]), cover.tocsc(), []
    while left.any():
        gain = cover.T @ left
        best = int(gain.argmax())
        chosen.append(best)
        left[columns.indices[columns.indptr[best] : columns.indptr[best + 1]]] = 0
    return np.array(sorted(chosen), dtype=np.int64)


def _within(ways: object, nodes: Ints, metres: float) -> tuple[Ints, Ints]:
    """Pairs of places, by their place in `nodes`, that are so near to each other, each also with itself."""
    one, other = [], []
    for some in np.array_split(np.arange(len(nodes)), max(1, -(-len(nodes) // _AT_ONCE))):
        far = dijkstra(ways, directed=False, indices=nodes[some], limit=metres)[:, nodes]
        a, b = np.nonzero(far <= metres)
        one.append(some[a])
        other.append(b)
    return np.concatenate(one), np.concatenate(other)
