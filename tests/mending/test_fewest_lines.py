"""The choice of strayed lines is as cheap as any, by trying all."""

from __future__ import annotations

from itertools import product

import numpy as np

from gridgeo.mending.fewest_lines import CERTAIN, Verdict, fewest_lines, margins


def total(chosen: list[Verdict], costs: dict[int, float]) -> float:
    blamed = frozenset().union(*(verdict.blamed for verdict in chosen))
    return sum(verdict.price for verdict in chosen) + sum(costs[zone] for zone in blamed)


def test_the_hub_is_blamed() -> None:
    """One zone has a gap with each of its neighbours: it strayed, though face by face either is as likely."""
    choices = {face: [Verdict(0, frozenset({0}), 0.5), Verdict(face, frozenset({face}), 0.45)] for face in range(1, 6)}
    costs = dict.fromkeys(range(6), 1.0)
    chosen = fewest_lines(choices, costs)
    assert {verdict.taker for verdict in chosen.values()} == {0}
    assert min(margins(choices, chosen, costs).values()) > -0.1
    alone = {0: [Verdict(1, frozenset({1}), 0.5)]}
    assert margins(alone, fewest_lines(alone, costs), costs) == {0: CERTAIN}


def test_it_is_nearly_as_cheap_as_the_best_of_all() -> None:
    rng = np.random.default_rng(5)
    best = 0
    for _ in range(150):
        pairs = [rng.choice(6, 2, replace=False).tolist() for _ in range(6)]
        choices = {
            face: [Verdict(zone, frozenset({zone}), float(rng.uniform(0, 0.8))) for zone in pair]
            for face, pair in enumerate(pairs)
        }
        costs = {zone: float(rng.choice([0.3, 0.6, 1.0])) for zone in range(6)}
        found = total(list(fewest_lines(choices, costs).values()), costs)
        least = min(total(list(picked), costs) for picked in product(*choices.values()))
        assert least - 1e-9 <= found <= least + 0.5
        best += found < least + 1e-9
    assert best >= 135
