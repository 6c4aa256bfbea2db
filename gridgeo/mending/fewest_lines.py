"""Which lines must have strayed: the fewest zones whose lines, had they been drawn right, would explain all faults."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_ROUNDS = 6
"""How often choices are looked at anew."""
_EPSILON = 1e-9
_BONUS = 1.2
"""What explaining a fault is worth beyond its price, so that a dear explanation still counts as one."""
CERTAIN = 9.0
"""Margin of a choice without an alternative."""


class Verdict(NamedTuple):
    """One explanation of a fault: who gets the land, whose line strayed, what speaks against it."""

    taker: int
    blamed: frozenset[int]
    price: float


Choices = Mapping[int, list[Verdict]]
"""Fault -> its explanations."""
Chosen = dict[int, Verdict]
Costs = Mapping[int, float]
"""Zone -> what it costs to blame it."""


def fewest_lines(choices: Choices, costs: Costs) -> Chosen:
    """Choose an explanation for each fault, so that few zones are blamed and little speaks against it."""
    chosen: Chosen = {}
    for group in _groups(choices):
        part = {fault: choices[fault] for fault in group}
        starts = (_cheapest(part), _covered(part, costs))
        found: list[Chosen] = [_improved(part, start, costs) for start in starts]
        best = min(found, key=lambda one: _total(one, costs))
        chosen.update(best)
    return chosen


def margins(choices: Choices, chosen: Chosen, costs: Costs) -> dict[int, float]:
    """Fault -> how much dearer the next explanation of all faults of the same zones is; little means nearly a toss."""
    meetings: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for fault, verdicts in choices.items():
        meetings[tuple(sorted(verdict.taker for verdict in verdicts))].append(fault)
    use = _uses(chosen.values())
    out: dict[int, float] = {}
    for zones, faults in meetings.items():
        elsewhere = {zone for zone, n in (use - _uses(chosen[fault] for fault in faults)).items() if n > 0}
        totals = sorted(_blaming(zone, [choices[fault] for fault in faults], costs, known=elsewhere) for zone in zones)
        out |= dict.fromkeys(faults, round(totals[1] - totals[0], 2) if len(totals) > 1 else CERTAIN)
    return out


def _blaming(zone: int, faults: list[list[Verdict]], costs: Costs, *, known: set[int]) -> float:
    """What it costs to blame all faults on one zone, as far as can be."""
    picked = [min(verdicts, key=lambda v: (len(v.blamed - {zone}), v.price)) for verdicts in faults]
    blamed = frozenset().union(*(verdict.blamed for verdict in picked)) - known
    return sum(verdict.price for verdict in picked) + sum(costs[one] for one in blamed)


def _groups(choices: Choices) -> Iterable[list[int]]:
    """Faults that have zones in common, directly or through others."""
    root: dict[int, int] = {}

    def found(zone: int) -> int:
        while root.setdefault(zone, zone) != zone:
            zone = root[zone]
        return zone

    for verdicts in choices.values():
        for verdict in verdicts:
            root[found(verdict.taker)] = found(verdicts[0].taker)
    groups: dict[int, list[int]] = defaultdict(list)
    for fault, verdicts in choices.items():
        groups[found(verdicts[0].taker)].append(fault)
    return groups.values()


def _uses(verdicts: Iterable[Verdict]) -> Counter[int]:
    """Zone -> how many faults are blamed on it."""
    return Counter(zone for verdict in verdicts for zone in verdict.blamed)


def _total(chosen: Chosen, costs: Costs) -> float:
    return sum(costs[zone] for zone in _uses(chosen.values())) + sum(verdict.price for verdict in chosen.values())


def _cheapest(choices: Choices) -> Chosen:
    """Fault by fault, what least speaks against."""
    return {fault: min(verdicts, key=lambda verdict: verdict.price) for fault, verdicts in choices.items()}


def _covered(choices: Choices, costs: Costs) -> Chosen:
    """Zone by zone, the one that explains most for its cost."""
    chosen: Chosen = {}
    blamed: set[int] = set()
    while rest := [fault for fault in choices if fault not in chosen]:
        gain: dict[int, float] = defaultdict(float)
        for verdict in (verdict for fault in rest for verdict in choices[fault]):
            more = verdict.blamed - blamed
            for zone in more:
                gain[zone] += (_BONUS - verdict.price) / len(more)
        blamed.add(max(sorted(gain), key=lambda zone: gain[zone] / costs[zone]))
        for fault in rest:
            fitting = [verdict for verdict in choices[fault] if verdict.blamed <= blamed]
            if fitting:
                chosen[fault] = min(fitting, key=lambda verdict: verdict.price)
    return chosen


def _improved(choices: Choices, start: Chosen, costs: Costs) -> Chosen:
    """Exchange single choices, and acquit whole zones, as long as that makes it cheaper."""
    chosen = dict(start)
    for _ in range(_ROUNDS):
        changed = _exchanged(choices, chosen, costs)
        if not (_acquitted(choices, chosen, costs) or changed):
            break
    return chosen


def _exchanged(choices: Choices, chosen: Chosen, costs: Costs) -> bool:
    use, changed = _uses(chosen.values()), False

    def price(verdict: Verdict) -> float:
        return verdict.price + sum(costs[zone] for zone in verdict.blamed if not use[zone])

    for fault, verdicts in choices.items():
        use.subtract(chosen[fault].blamed)
        best = min(verdicts, key=price)
        if price(best) < price(chosen[fault]) - _EPSILON:
            chosen[fault], changed = best, True
        use.update(chosen[fault].blamed)
    return changed


def _acquitted(choices: Choices, chosen: Chosen, costs: Costs) -> bool:
    """Whether it was cheaper to blame another for all faults of some zone."""
    changed = False
    for zone in list(_uses(chosen.values())):
        use = _uses(chosen.values())
        faults = [fault for fault, verdict in chosen.items() if zone in verdict.blamed]
        fitting = [[v for v in choices[fault] if zone not in v.blamed] for fault in faults]
        if not faults or not all(fitting):
            continue
        picked = [
            min(some, key=lambda v: v.price + sum(costs[one] for one in v.blamed if not use[one])) for some in fitting
        ]
        changed_to = chosen | dict(zip(faults, picked, strict=True))
        if _total(changed_to, costs) < _total(chosen, costs) - _EPSILON:
            chosen.update(changed_to)
            changed = True
    return changed
