"""Plans of the sample and of real places are what they were: members, codes, findings, notes, and coordinates at 1 mm.

What is kept is written anew by ``make digests``; a commit that changes it tells each change and why it is one for the better.
"""

from __future__ import annotations

import pytest

from tests.digests import digesting

KEPT = digesting.read_kept()
PLACES = [
    pytest.param(name, marks=() if name in digesting.QUICK else pytest.mark.long)
    for name in digesting.PLACES
    if name in KEPT.places
]


@pytest.mark.parametrize("name", PLACES)
def test_a_plan_is_what_it_was(name: str) -> None:
    made_with, installed = KEPT.libraries, digesting.libraries()
    if made_with != installed:
        pytest.skip(f"digests are those of {made_with}; installed are {installed}")
    if not digesting.PLACES[name].source.exists():
        pytest.skip(f"the real places are not there: {digesting.DATA}")
    found = digesting.digests_of(digesting.lines_of(digesting.make_plan(name)))
    assert found == KEPT.places[name]


def test_a_place_without_digests_is_one_that_cannot_be_divided_yet() -> None:
    assert set(digesting.PLACES) - set(KEPT.places) <= {"shibuya_tokyo"}
