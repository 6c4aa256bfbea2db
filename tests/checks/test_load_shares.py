"""Shares of the parts of a building by the checks' own definition, against those of the rooms that make plans."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.checks.load_shares import number_order, shares_of_members, whole_figures, whole_shares
from gridgeo.errors import InputError
from gridgeo.model import building_loads, by_number, largest_remainder, shared_out

MANY = settings(max_examples=200, deadline=None, database=None, derandomize=True)
CHINESE = ["一", "二", "两", "十", "十二", "二十", "二十三", "一百零五", "三百一十", "一二", "甲", "癸"]
NUMBERS = ["", "0", "2", "10", "007", "１２", *CHINESE]
NAMES = st.tuples(st.sampled_from(["", "第", "A", "栋"]), st.sampled_from(NUMBERS), st.sampled_from(["", "单元", "b3"]))


@MANY
@given(st.integers(0, 500), st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_shares_are_those_of_the_makers(total: int, weights: list[int]) -> None:
    shares = whole_shares(total, weights)
    assert shares == largest_remainder(total, weights)
    assert sum(shares) == total


def test_shares_by_hand() -> None:
    assert whole_shares(10, [1, 1, 1]) == [4, 3, 3]
    assert whole_shares(7, [3, 2]) == [4, 3]
    assert whole_shares(5, [0, 0]) == [3, 2]
    assert whole_shares(0, [4, 1]) == [0, 0]


@MANY
@given(st.lists(NAMES.map("".join), min_size=2, max_size=8))
def test_the_order_of_parts_is_that_of_the_makers(names: list[str]) -> None:
    assert sorted(names, key=number_order) == sorted(names, key=by_number)


def test_parts_in_order() -> None:
    ordered = ["2", "乙", "二单元", "丙", "10", "十单元", "十二单元", "一百零五", "a", "b2", "b10"]
    assert sorted(set(ordered), key=number_order) == ordered


@pytest.mark.parametrize("name", ["十二三", "十十", "二百十百", "百百二"])
def test_a_number_that_is_none_is_ordered_somehow(name: str) -> None:
    assert number_order(name)[1] == name


@MANY
@given(
    st.lists(st.tuples(st.integers(0, 3), NAMES.map("".join), st.none() | st.integers(0, 20)), max_size=12), st.data()
)
def test_members_have_what_the_makers_give_them(rows: list[tuple[int, str, int | None]], data: st.DataObject) -> None:
    names = [f"b{k}" for k in range(4)]
    figures = data.draw(st.lists(st.none() | st.integers(0, 400).map(lambda n: n / 4), min_size=4, max_size=4))
    buildings = pd.DataFrame({"people": pd.array(figures, dtype="Float64")}, index=names)
    members = pd.DataFrame(rows, columns=["building", "unit", "households"]).drop_duplicates(["building", "unit"])
    members = members.assign(building=[names[k] for k in members["building"]])
    mine = shares_of_members(members.astype({"households": float}), whole_figures(buildings, "people"))
    makers = shared_out(members.astype({"households": "Int64"}), building_loads(buildings, "people"))
    np.testing.assert_array_equal(mine.to_numpy(), makers.to_numpy(dtype=float, na_value=np.nan))


def test_figures_below_0_are_refused() -> None:
    with pytest.raises(InputError, match="people"):
        whole_figures(pd.DataFrame({"people": [1.0, -2.0]}, index=["a", "b"]), "people")
