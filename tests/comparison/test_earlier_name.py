"""What stood in `gridgeo.weighing` goes on working, and names its successor."""

from __future__ import annotations

import importlib

import pytest

import gridgeo as gg
from gridgeo import comparison, weighing


@pytest.mark.parametrize("name", weighing.__all__)
def test_what_stood_in_weighing_names_its_successor(name: str) -> None:
    home = gg if hasattr(gg, name) else comparison
    with pytest.warns(FutureWarning, match=f"gridgeo.weighing.{name} is now {home.__name__}.{name}"):
        assert getattr(importlib.import_module("gridgeo.weighing"), name) is getattr(home, name)


def test_a_name_that_never_stood_there_is_told() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        weighing.nothing_like_it  # noqa: B018
