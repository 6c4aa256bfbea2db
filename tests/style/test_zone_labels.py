"""Short labels of zones."""

from __future__ import annotations

import pytest

from gridgeo.model import Scheme
from gridgeo.style import label


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("410105001001003", "003"),
        ("41010500100100305", "003-05"),
        ("41010500100190100", "901"),
        ("410105001001", "410105001001"),
    ],
)
def test_short_labels(code: str, short: str) -> None:
    assert label(code, Scheme.preset("wide")) == short
