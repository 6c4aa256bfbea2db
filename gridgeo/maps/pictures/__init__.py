"""A plan as one picture, for a report or a slide.

Steps
-----
axes_drawing
    Zones, buildings, water, streets and borders on matplotlib's axes.
axes_labels
    What stands on the zones, as large as there is room for.
picture_page
    Axes with a title, a north arrow and a scale bar, and the picture's bytes.
"""

from __future__ import annotations

from gridgeo.maps.pictures.picture_page import draw, picture

__all__ = ["draw", "picture"]
