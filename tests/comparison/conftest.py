"""Plans that several modules compare."""

from __future__ import annotations

import pytest

import gridgeo as gg
from gridgeo.model import Plan, Site
from tests.made import SCHEME, Town, build


@pytest.fixture(scope="package")
def town() -> Site:
    return build(Town(5, 4, 3, per_block=8, school=True))


@pytest.fixture(scope="package")
def three(town: Site) -> list[Plan]:
    return gg.variants(town, SCHEME, effort="fast")
