"""Tests notice wrong changes of the proof, of the rules of codes and of the objective.

Those that they do not notice are told in docs/reliability.md.
"""

from __future__ import annotations

import pytest

from tests.mutants.mutating import GROUPS, ROOT, draw, judge_all, mutants_of

COUNT, SEED = 200, 7
NOTICED = 0.9
"""Share of the mutants that tests have to notice; the others are equivalent, or differ where no promise is made."""


@pytest.mark.long
def test_mutants_are_the_same_each_time_and_differ_from_the_source() -> None:
    drawn = draw(40, SEED, list(GROUPS))
    assert drawn == draw(40, SEED, list(GROUPS))
    assert len(set(drawn)) == len(drawn)
    sound = {one.path: (ROOT / one.path).read_text() for one in drawn}
    assert all(one.source != sound[one.path] and one.before != one.after for one in drawn)


def test_each_kind_of_change_is_made() -> None:
    found = {one.before: one.after for one in mutants_of("codes", ROOT / "gridgeo" / "model" / "codes.py")}
    assert found["numbers > capacity(tier.width)"] == "numbers >= capacity(tier.width)"
    assert found["return code[:COMMUNITY_DIGITS]"] == "return"


@pytest.mark.long
def test_wrong_changes_are_noticed() -> None:
    verdicts = list(judge_all(draw(COUNT, SEED, list(GROUPS)), workers=2))
    survivors = [str(verdict.mutant) for verdict in verdicts if not verdict.noticed]
    assert len(verdicts) >= 0.95 * COUNT
    assert len(survivors) <= (1 - NOTICED) * len(verdicts), "\n".join(survivors)
