"""Where something is, in words that people use: so far north of this street, so far west of that one."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.messages import Text, say
from gridgeo.model.site import Site

FAR_M = 500.0
"""Streets farther away than this say nothing [m]."""

ON_M = 12.0
"""What is nearer to the middle of a street than this is on it [m]."""

ACROSS = np.cos(np.radians(60))
"""Two streets tell a place if it lies in directions from them that differ by 60 degrees at least, or they tell the same."""

_LANDMARKS = ("compounds", "institutions", "pois", "buildings")
"""What else has names."""

_NOTHING_M = 1e-9
"""Instead of no distance at all [m]."""

_SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
_POINT = re.compile(r"\((-?\d+(?:\.\d+)?), (-?\d+(?:\.\d+)?)\)")
_CELL = re.compile(r"\b[a-z]+@(-?\d+)_(-?\d+)")
"""A place in metres, and one in centimetres in the id of a block or a cell."""


class _Beside(NamedTuple):
    """A street, or a landmark, near a place: its name, how far it is, and the direction from it (a unit vector)."""

    is_street: bool
    name: str
    metres: float
    east: float
    north: float

    def words(self) -> Text:
        """How far the place is from the street, and on which side."""
        if self.metres < ON_M:
            return say("place_on" if self.is_street else "place_at", street=self.name)
        side = _SIDES[round(np.arctan2(self.north, self.east) / (np.pi / 4)) % 8]
        return say("place_beside", street=self.name, metres=_rounded(self.metres), side=say(f"side_{side}"))


class _Named(NamedTuple):
    """Shapes with names, and an index of them."""

    are_streets: bool
    names: npt.NDArray[np.object_]
    shapes: npt.NDArray[np.object_]
    tree: shapely.STRtree


class Whereabouts:
    """Places of a site in words.

    Parameters
    ----------
    site
        Reads names of streets; and of compounds, institutions, pois and buildings, for where no street has one.
    """

    def __init__(self, site: Site) -> None:
        self._sources = [_named(site, roles) for roles in (("streets",), _LANDMARKS)]

    def of(self, shape: shapely.Geometry) -> Text:
        """Where a shape is: by a point of it."""
        point = shapely.point_on_surface(shape)
        return self.at(point.x, point.y)

    def at(self, x: float, y: float) -> Text:
        """Where a point [m] is: by the nearest street with a name, and by another that leads elsewhere; else by its coordinates."""
        found = (_near(source, shapely.Point(x, y)) for source in self._sources)
        streets = next((near for near in found if near), None)
        if streets is None:
            return say("place_coordinates", x=f"{x:.0f}", y=f"{y:.0f}")
        first = streets[0]
        others = (
            other
            for other in streets[1:]
            if other.name != first.name and abs(first.east * other.east + first.north * other.north) <= ACROSS
        )
        second = next(others, None)
        if second is not None and second.is_street and second.metres < ON_M:
            return say("place_corner", one=first.name, other=second.name)
        return first.words() if second is None else say("place_two", one=first.words(), other=second.words())

    def in_text(self, text: str) -> Text | None:
        """Where the first place is that a text names by coordinates, or by the id of a block or a cell; None if it names none."""
        point = _POINT.search(text)
        if point is not None:
            return self.at(float(point[1]), float(point[2]))
        cell = _CELL.search(text)
        return None if cell is None else self.at(float(cell[1]) / 100, float(cell[2]) / 100)


def _named(site: Site, roles: tuple[str, ...]) -> _Named:
    """What has a name in these layers."""
    layers = [site.layer(role) for role in roles]
    # the order of rows must not decide between streets at the same distance
    layers = [layer[layer["name"].notna() & ~layer.geometry.isna()].sort_index() for layer in layers]
    names = np.concatenate([layer["name"].to_numpy(dtype=object) for layer in layers])
    shapes = np.concatenate([layer.geometry.to_numpy() for layer in layers])
    return _Named("streets" in roles, names, shapes, shapely.STRtree(shapes))


def _near(source: _Named, point: shapely.Point) -> list[_Beside]:
    """What has a name, nearest first."""
    rows = np.sort(source.tree.query(point, predicate="dwithin", distance=FAR_M))
    foot = shapely.get_point(shapely.shortest_line(source.shapes[rows], point), 0)
    away = np.column_stack([point.x - shapely.get_x(foot), point.y - shapely.get_y(foot)])
    metres = np.hypot(*away.T)
    near = pd.DataFrame({"name": source.names[rows], "metres": metres})
    near[["east", "north"]] = away / np.maximum(metres, _NOTHING_M)[:, None]
    near = near.sort_values(["metres", "name"], kind="stable").drop_duplicates("name")
    return [_Beside(source.are_streets, *row) for row in near.itertuples(index=False, name=None)]


def _rounded(metres: float) -> int:
    """Metres as one would say them: to 10, from 100 on to 20, from 300 on to 50."""
    step = 10 if metres < 100 else 20 if metres < 300 else 50
    return int(step * round(metres / step))
