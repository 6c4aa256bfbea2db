"""Round scales, and views that show everything."""

from __future__ import annotations

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.maps.pdf.map_view import bar_length, fit, round_up
from gridgeo.maps.pdf.pdf_pen import MM, Box


@settings(max_examples=50, deadline=None)
@given(scale=st.floats(1, 5e6))
def test_scales_are_rounded_up_to_few_figures(scale: float) -> None:
    found = round_up(scale)
    assert scale <= found + 1e-6
    assert found <= max(100, scale) * 1.34
    assert len(str(found).rstrip("0")) <= 2


@settings(max_examples=30, deadline=None)
@given(west=st.floats(-1e5, 1e6), south=st.floats(-1e5, 4e6), wide=st.floats(10, 2e4), high=st.floats(10, 2e4))
def test_a_view_shows_everything(west: float, south: float, wide: float, high: float) -> None:
    view = fit((west, south, west + wide, south + high), Box(50, 60, 400, 500))
    assert view.window.buffer(0.01).contains(shapely.box(west, south, west + wide, south + high))
    assert 10 < bar_length(view) * view.metre <= 32 * MM + 1e-6
