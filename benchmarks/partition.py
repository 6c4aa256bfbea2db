"""Contiguous parts within limits: price, limits and time, beside other packages where they are installed.

::

    python benchmarks/partition.py                                      # made towns, and the peers
    python benchmarks/partition.py --sizes 2000 20000 --limit 600       # larger ones, peers stopped after 600 s
    python benchmarks/partition.py --instance town.npz --effort standard --labels labels.npy

An instance is an ``.npz`` file, one row a cell: ``hh`` (households) and, if known, ``cx``, ``cy`` (centroid), for near cells are
searched together; one row a pair of neighbours:
``ei``, ``ej`` (cells), ``ew`` (length of the common border, weighted 1.0 within a block, 0.3 across a street, 0.1 across a main
road); and ``lbar``, the mean perimeter of the cells of the town that it is, or is cut out of. J is the sum over zones of
deviation from the target, and ten times what is missing or too much, both in targets, plus the weighted length of cut borders
in mean perimeters. A single cell over the limit costs nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from keeping import keep
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee
from scipy.spatial import Voronoi

from gridgeo.coverage import Floats, Ints
from gridgeo.partition import EFFORTS, Effort, Graph, Limits, budget_for, solve

CLASS_WEIGHT = np.array([1.0, 0.3, 0.1])
VIOLATION = 10.0
RECOM_STEPS = 500


@dataclass(frozen=True)
class Town:
    """Cells and their common borders."""

    households: Ints
    x: Floats
    y: Floats
    first: Ints
    second: Ints
    cost: Floats

    @classmethod
    def read(cls, path: Path) -> Town:
        """Read an instance file."""
        data = np.load(path)
        cost, count = data["ew"] / data["lbar"], len(data["hh"])
        if "cx" in data and "cy" in data:
            x, y = data["cx"], data["cy"]
        else:
            links = csr_array((np.ones(len(data["ei"])), (data["ei"], data["ej"])), shape=(count, count))
            x, y = np.argsort(reverse_cuthill_mckee(links + links.T, symmetric_mode=True)), np.zeros(count)
        return cls(data["hh"].astype(np.int64), x, y, data["ei"], data["ej"], cost)

    def place_order(self) -> Ints:
        """Cells along a Z-order curve; cells on one spot by households."""
        side = max(float(np.ptp(self.x)), float(np.ptp(self.y)), 1e-9)
        column, row = (((c - c.min()) / side * 65_535).astype(np.uint64) for c in (self.x, self.y))
        key = np.zeros(len(self.x), np.uint64)
        for bit in range(16):
            one = np.uint64(bit)
            key |= ((column >> one) & np.uint64(1)) << np.uint64(2 * bit)
            key |= ((row >> one) & np.uint64(1)) << np.uint64(2 * bit + 1)
        return np.lexsort((self.households, self.y, self.x, key))

    def graph(self, order: Ints) -> Graph:
        """The graph whose nodes are the cells in this order."""
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        ends = np.sort(place[np.stack([self.first, self.second])], axis=0)
        return Graph(self.households[order], ends[0], ends[1], self.cost)


def made_town(cells: int, seed: int) -> Town:
    """Cells around scattered points; blocks of about 20, every fifth street an arterial road; loads by kind of block.

    No cell holds more than 60 households, as after towers were cut: some peers find nothing at all otherwise.
    """
    chance = np.random.default_rng([seed, cells])
    across = max(2, round((cells / 20) ** 0.5))
    points = chance.random((cells, 2)) * across
    block = np.floor(points).astype(np.int64)
    ridges = Voronoi(points)
    inner = [k for k, ends in enumerate(ridges.ridge_vertices) if -1 not in ends]
    a, b = ridges.ridge_points[inner].T
    ends = ridges.vertices[np.array(ridges.ridge_vertices, dtype=object)[inner].tolist()]
    length = np.minimum(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1), 1.0)
    road = (block[a] != block[b]).any(axis=1)
    arterial = (block[a] // 5 != block[b] // 5).any(axis=1)
    perimeter = 2 * length.sum() / cells
    typical = np.array([8.0, 24.0, 52.0, 4.0])[chance.choice(4, across**2, p=[0.3, 0.42, 0.2, 0.08])]
    load = typical[block[:, 0] * across + block[:, 1]] * chance.lognormal(-0.2, 0.65, cells)
    load = np.where(chance.random(cells) < 0.13, 0, np.clip(np.round(load), 1, 60)).astype(np.int64)
    cost = length * CLASS_WEIGHT[road.astype(np.int64) + arterial] / perimeter
    return Town(load, points[:, 0], points[:, 1], a.astype(np.int64), b.astype(np.int64), cost)


def measure(town: Town, labels: Ints, limits: Limits) -> dict[str, float]:
    """J, number of zones, share of zones within limits and contiguous."""
    _, zone = np.unique(labels, return_inverse=True)
    count = int(zone.max()) + 1
    load, size = np.bincount(zone, town.households, count), np.bincount(zone, minlength=count)
    alone = (size == 1) & (load > limits.high)
    wrong = np.maximum(0, limits.low - load) + np.maximum(0, load - limits.high)
    deviation = (np.abs(load - limits.target) + VIOLATION * wrong) / limits.target
    cut = zone[town.first] != zone[town.second]
    inside = (np.ones(int((~cut).sum())), (town.first[~cut], town.second[~cut]))
    _, piece = connected_components(coo_array(inside, shape=(len(zone), len(zone))), directed=False)
    pieces = np.bincount(zone[np.unique(piece, return_index=True)[1]], minlength=count)
    return {
        "J": float(deviation[~alone].sum() + town.cost[cut].sum()),
        "zones": count,
        "within": float((alone | (wrong == 0)).mean()),
        "contiguous": float((pieces == 1).mean()),
    }


def run_gridgeo(town: Town, limits: Limits, seed: int, effort: str | Effort) -> tuple[Ints, float]:
    """Labels in the order of the cells, and the seconds from graph to labels."""
    order = town.place_order()
    graph = town.graph(order)
    compile_all()
    start = time.perf_counter()
    solution = solve(graph, [limits], seed=seed, effort=effort)
    seconds = time.perf_counter() - start
    labels = np.empty(len(order), np.int64)
    labels[order] = solution.labels[0]
    return labels, seconds


def compile_all() -> None:
    """Divide a small graph, so that everything is compiled, or loaded if it was compiled before."""
    nodes = np.arange(100)
    small = Graph(np.full(100, 7), nodes[:-1], nodes[1:], np.ones(99))
    solve(small, [Limits(30, 100, 60)], seed=1, effort="fast")


def run_metis(town: Town, limits: Limits, seed: int) -> Ints:
    """METIS, recursive bisection into as many parts as targets."""
    import pymetis

    start, near, price = neighbours(town)
    options = pymetis.Options(seed=seed, ufactor=50)
    weight = np.maximum(1, np.round(price * 1_000)).astype(int)
    found = pymetis.part_graph(
        parts_of(town, limits),
        xadj=start.tolist(),
        adjncy=near.tolist(),
        vweights=town.households.tolist(),
        eweights=weight.tolist(),
        recursive=True,
        options=options,
    )
    return np.asarray(found[1])


def run_kahypar(town: Town, limits: Limits, seed: int) -> Ints:
    """Mt-KaHyPar, cut objective."""
    import mtkahypar

    library = mtkahypar.initialize(2)
    mtkahypar.set_seed(seed)
    parts = parts_of(town, limits)
    context = library.context_from_preset(mtkahypar.PresetType.LARGE_K if parts > 512 else mtkahypar.PresetType.DEFAULT)
    spread = (limits.high - limits.target) / limits.target * 0.6
    context.set_partitioning_parameters(parts, spread, mtkahypar.Objective.CUT)
    context.logging = False
    pairs = list(zip(town.first.tolist(), town.second.tolist(), strict=True))
    weight = np.maximum(1, np.round(town.cost * 1_000)).astype(int).tolist()
    graph = library.create_graph(context, len(town.households), len(pairs), pairs, town.households.tolist(), weight)
    result = graph.partition(context)
    return np.array([result.block_id(v) for v in range(len(town.households))])


def run_gerrychain(town: Town, limits: Limits, seed: int) -> Ints:
    """GerryChain: recursive tree cuts, then ReCom steps towards shorter borders."""
    import networkx as nx
    from gerrychain import Graph as Districts
    from gerrychain import Partition, constraints, updaters
    from gerrychain.optimization import SingleMetricOptimizer
    from gerrychain.partition.initial_partition_generators import recursive_tree_part
    from gerrychain.proposals import recom
    from gerrychain.tree import bipartition_tree

    pairs = list(zip(town.first.tolist(), town.second.tolist(), strict=True))
    drawn = nx.Graph()
    drawn.add_nodes_from((v, {"pop": h}) for v, h in enumerate(town.households.tolist()))
    drawn.add_edges_from(pairs)
    graph = Districts.from_networkx(drawn)
    # the middle of the limits leaves it the widest range; nearer to the target it finds no cut
    parts = max(1, round(int(town.households.sum()) / ((limits.low + limits.high) / 2)))
    mean = town.households.sum() / parts
    spread = min(limits.high - mean, mean - limits.low) / mean
    cuts = partial(bipartition_tree, max_attempts=1_000)
    start = recursive_tree_part(graph, range(parts), mean, "pop", spread, bipartition_tree_fn=cuts, rng=seed)
    counted = {"population": updaters.Tally("pop", alias="population"), "cut_edges": updaters.cut_edges}
    move = partial(recom, pop_col="pop", pop_target=mean, epsilon=spread, node_repeats=0, rng=seed)
    price = dict(zip(pairs, town.cost.tolist(), strict=True))
    search = SingleMetricOptimizer(
        move,
        [constraints.contiguous],
        Partition(graph, assignment=start, updaters=counted),
        lambda now: sum(price[a, b] if (a, b) in price else price[b, a] for a, b in now["cut_edges"]),
        maximize=False,
        rng=seed,
    )
    for _ in search.tilted_run(RECOM_STEPS, p=0.05):
        pass
    found = search.best_part.assignment
    return np.array([found[v] for v in range(len(town.households))])


def run_spopt(town: Town, limits: Limits, seed: int) -> Ints:
    """Max-p regions of spopt, which know no upper limit."""
    import geopandas as gpd
    from libpysal.weights import W
    from spopt.region import MaxPHeuristic

    np.random.seed(seed)  # noqa: NPY002  it reads the global state
    start, near, _ = neighbours(town)
    beside = {v: near[start[v] : start[v + 1]].tolist() for v in range(len(town.households))}
    table = gpd.GeoDataFrame(
        {"x": town.x, "y": town.y, "hh": town.households}, geometry=gpd.points_from_xy(town.x, town.y)
    )
    model = MaxPHeuristic(table, W(beside, silence_warnings=True), ["x", "y"], "hh", limits.low, top_n=2)
    model.solve()
    return np.asarray(model.labels_)


PEERS: dict[str, Callable[[Town, Limits, int], Ints]] = {
    "pymetis": run_metis,
    "mtkahypar": run_kahypar,
    "gerrychain": run_gerrychain,
    "spopt": run_spopt,
}


def parts_of(town: Town, limits: Limits) -> int:
    """As many parts as targets fit into the town."""
    return max(1, round(int(town.households.sum()) / limits.target))


def neighbours(town: Town) -> tuple[Ints, Ints, Floats]:
    """Neighbour lists in one array, where each begins, and the costs."""
    source = np.concatenate([town.first, town.second])
    target = np.concatenate([town.second, town.first])
    order = np.lexsort((target, source))
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=len(town.households)))])
    return start, target[order], np.tile(town.cost, 2)[order]


def show(name: str, result: dict[str, float], seconds: float, *, kept: str = "") -> None:
    """Print one line, and keep it under the name of the town if there is one."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(
        f"{name:24} J {result['J']:10.2f}  zones {result['zones']:6.0f}  within limits {result['within']:8.3%}  "
        f"contiguous {result['contiguous']:8.3%}  {seconds:8.2f} s  {megabytes:5.0f} MB",
        flush=True,
    )
    if kept:
        keep("partition", {"town": kept, "tool": name, **result, "seconds": seconds, "peak_mb": megabytes})


def compare(args: argparse.Namespace, limits: Limits) -> None:
    """Made towns of several sizes: gridgeo at each effort, then the peers, each in a process of its own."""
    for size in args.sizes:
        town = made_town(size, args.seed)
        print(f"made town, {size} cells, {town.households.sum()} households")
        for effort in ("fast", "standard", "best"):
            labels, seconds = run_gridgeo(town, limits, args.seed, effort)
            town_kept = f"made:{size}" if args.keep else ""
            show(f"gridgeo {effort}", measure(town, labels, limits), seconds, kept=town_kept)
        for peer in PEERS:
            if find_spec(peer) is None:
                print(f"{peer:24} not installed")
            else:
                run_apart(peer, size, args)


def run_apart(peer: str, size: int, args: argparse.Namespace) -> None:
    """Run a peer in a process that is stopped at the time limit."""
    with tempfile.TemporaryDirectory() as folder:
        limits = [args.low, args.high, args.target]
        asked = {"peer": peer, "size": size, "seed": args.seed, "limits": limits, "keep": args.keep}
        command = [sys.executable, __file__, "--one", json.dumps(asked | {"out": f"{folder}/labels.npy"})]
        try:
            done = subprocess.run(command, timeout=args.limit, check=False, capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            print(f"{peer:24} stopped after {args.limit} s")
            return
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        print(done.stdout.strip() if done.returncode == 0 else f"{peer:24} failed: {last}", flush=True)


def run_one(text: str) -> None:
    """Be the process of a peer."""
    asked = json.loads(text)
    town, limits = made_town(asked["size"], asked["seed"]), Limits(*asked["limits"])
    start = time.perf_counter()
    labels = PEERS[asked["peer"]](town, limits, asked["seed"])
    kept = f"made:{asked['size']}" if asked["keep"] else ""
    show(asked["peer"], measure(town, labels, limits), time.perf_counter() - start, kept=kept)


def solve_instance(args: argparse.Namespace, limits: Limits) -> None:
    """Divide the town of an instance file and write one label a cell."""
    town = Town.read(args.instance)
    effort = args.effort
    if args.seconds:
        effort = budget_for(town.graph(town.place_order()), [limits], args.seconds)
    labels, seconds = run_gridgeo(town, limits, args.seed, effort)
    name = f"gridgeo {effort.sweeps} sweeps" if isinstance(effort, Effort) else f"gridgeo {effort}"
    show(name, measure(town, labels, limits), seconds)
    if args.labels:
        np.save(args.labels, labels)


def read_arguments() -> argparse.Namespace:
    """Arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, help="town to divide (.npz); without it, made towns and peers")
    parser.add_argument("--low", type=int, default=30)
    parser.add_argument("--high", type=int, default=100)
    parser.add_argument("--target", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--effort", choices=sorted(EFFORTS), default="standard")
    parser.add_argument("--seconds", type=float, help="pick the effort that takes about this long")
    parser.add_argument("--labels", type=Path, help="where to write the labels (.npy)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000], help="cells of the made towns")
    parser.add_argument("--limit", type=float, default=120, help="seconds until a peer is stopped")
    parser.add_argument("--keep", action="store_true", help="add lines to results/partition.jsonl")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Run what was asked for."""
    args = read_arguments()
    limits = Limits(args.low, args.high, args.target)
    if args.one:
        run_one(args.one)
    elif args.instance:
        solve_instance(args, limits)
    else:
        compare(args, limits)


if __name__ == "__main__":
    main()
