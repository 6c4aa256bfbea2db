"""Tiers and schemes: limits, parsing, digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gridgeo.errors import InputError
from gridgeo.messages import Text
from gridgeo.model.scheme import Also, Preferences, Scheme, Tier


def test_preset_sizes_are_those_of_the_standards() -> None:
    zhengzhou, wide = Scheme.preset("zhengzhou"), Scheme.preset("wide")
    assert [(t.name, t.low, t.high, t.target) for t in zhengzhou] == [("grid", 300, 500, 400), ("micro", 50, 70, 60)]
    assert [(t.name, t.low, t.high, t.target) for t in wide] == [("grid", 300, 500, 400), ("micro", 30, 100, 60)]
    assert (zhengzhou.digits("grid"), zhengzhou.digits("micro")) == (15, 17)


@pytest.mark.parametrize(("load", "admitted"), [(49, False), (50, True), (70, True), (71, False)])
def test_limits_are_inclusive(load: int, *, admitted: bool) -> None:
    assert Tier("micro", 50, 70).admits(load) is admitted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grid:300-500", Tier("grid", 300, 500, 400, 3)),
        ("grid:300-500@320", Tier("grid", 300, 500, 320, 3)),
        ("grid:300-500x11@320", Tier("grid", 300, 500, 320, 3, count=11)),
        ("grid:300-500@400:4", Tier("grid", 300, 500, 400, 4)),
    ],
)
def test_tiers_are_read_as_written(text: str, expected: Tier) -> None:
    assert Scheme.parse([text]).tiers == (expected,)
    assert Tier.parse(str(expected)) == expected


def test_second_tier_has_two_digits_unless_told() -> None:
    assert [t.width for t in Scheme.parse(["grid:300-500", "micro:50-70", "stair:5-20:3"])] == [3, 2, 3]


@pytest.mark.parametrize(
    "text",
    ["grid", "grid:500-300", "grid:300-500@600", "Grid:300-500", "buildings:3-5", "grid:300-500:9", "grid:300-500x0"],
)
def test_nonsense_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Tier.parse(text)
    assert "grid" in str(caught.value).lower() or "buildings" in str(caught.value)


def test_an_unknown_name_lists_what_is_known() -> None:
    with pytest.raises(InputError, match="wide, zhengzhou"):
        Scheme.preset("beijing")
    with pytest.raises(InputError, match="grid, micro"):
        Scheme.preset("wide").tier("block")


def test_empty_and_repeated_tiers_are_refused() -> None:
    with pytest.raises(InputError):
        Scheme(())
    with pytest.raises(InputError, match="twice"):
        Scheme.parse(["grid:300-500", "grid:50-70"])


def test_tiers_go_from_coarse_to_fine() -> None:
    with pytest.raises(InputError, match="from coarse to fine"):
        Scheme.parse(["micro:50-70", "grid:300-500"])


def test_dedicated_zones_stand_at_the_last_tier_but_one() -> None:
    assert Scheme.parse(["a:300-500"]).dedicated.name == "a"
    assert Scheme.parse(["a:300-500", "b:50-70"]).dedicated.name == "a"
    assert Scheme.parse(["a:900-1500", "b:300-500", "c:50-70"]).dedicated.name == "b"


tier: Any = Tier
also: Any = Also
preferences: Any = Preferences
scheme: Any = Scheme
"""As callers without a type checker use them."""


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: tier("micro", 50.0, 70),
            "Tier 'micro', low-high, target, width, count: must be a whole number, not 50.0",
        ),
        (lambda: tier("micro", "50", 70), "must be a whole number, not '50'"),
        (lambda: tier("micro", 50, 70, target=60.5), "not 60.5"),
        (lambda: tier("micro", 50, 70, count=3.0), "not 3.0"),
        (lambda: tier("micro", 50, 70, width=None), "not None"),
        (lambda: tier(5, 50, 70), "Tier.name, load: must be a text, not 5"),
        (lambda: tier("micro", 50, 70, load=None), "Tier.name, load: must be a text, not None"),
        (lambda: tier("micro", 50, 70, also="people:1-2"), "must be Also, not 'people:1-2'"),
        (lambda: also("people", 1.5, 3), "Also 'people', low-high: must be a whole number, not 1.5"),
        (lambda: also(None, 1, 3), "Also.load: must be a text"),
        (lambda: preferences(compact="3"), "Preferences.compact: must be a number, not '3'"),
        (lambda: scheme(("micro:50-70",)), "Scheme.tiers: must be Tier, not 'micro:50-70'"),
        (lambda: scheme((Tier("micro", 50, 70),), {"compact": 3}), "Scheme.prefer: must be Preferences"),
    ],
)
def test_other_kinds_are_refused_in_plain_words(make: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert words in str(caught.value)
    text = caught.value.text
    assert isinstance(text, Text)
    assert text.render("zh") != str(caught.value)


def test_whole_numbers_of_tables_are_whole_numbers() -> None:
    assert tier("micro", np.int64(50), np.int32(70)) == Tier("micro", 50, 70)
    assert Preferences(compact=np.float64(2)) == Preferences(compact=2)
