"""One thing that was done otherwise than asked, and what notes are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.coverage import Ints
from gridgeo.division.prepare import Prepared
from gridgeo.division.solve import Parts
from gridgeo.messages import Text
from gridgeo.model import COMMUNITY_DIGITS, NOTE_COLUMNS, Scheme, Site, Tier


@dataclass(frozen=True)
class Note:
    """One thing that was done otherwise than asked; `cell` is one of the cells concerned (its position), `depth` the tier."""

    reason: str
    severity: str
    cell: int
    text: Text
    depth: int | None = -1
    """Of the scheme's tiers; the finest if -1; None for what concerns the whole community."""


@dataclass(frozen=True)
class NumberedLand:
    """Land that is divided and has its codes.

    Parameters
    ----------
    ground, scheme, parts
        What was divided, into what, and how.
    code
        Of the finest zone of each cell; index of the cells.
    longer
        Advice to search longer.
    """

    ground: Prepared
    scheme: Scheme
    parts: Parts
    code: pd.Series
    longer: Text | str

    @property
    def cells(self) -> gpd.GeoDataFrame:
        """The cells, without their codes."""
        return self.ground.cells

    @property
    def site(self) -> Site:
        """The place."""
        return self.ground.site

    def codes(self, tier: Tier) -> pd.Series:
        """Code of each cell in a tier."""
        return self.code.str[: self.scheme.digits(tier.name)]

    def load(self, load: str) -> pd.Series:
        """What each cell holds of a load; index of the cells."""
        return pd.Series(self.ground.sums.loads[load], index=self.code.index)

    def members(self, load: str) -> pd.DataFrame:
        """Members of the cells: cell, building, unit, cut, and `figure`, what they have of a load (`<NA>` where unknown)."""
        return self.ground.members.assign(figure=self.ground.members[load])

    @cached_property
    def institutions(self) -> pd.Series:
        """What an institution is called, by id: its name, or its id where it has none."""
        names = self.site.layer("institutions")["name"].astype("object")
        return names.where(names.notna(), names.index.to_series())

    @cached_property
    def first_cells(self) -> pd.Series:
        """Position of the first cell of each community, by its code."""
        return self.first_of(self.cells["community"])

    def first_of(self, key: pd.Series) -> pd.Series:
        """Position of the first cell with each key, keys ascending."""
        place = pd.Series(np.arange(len(self.code)), index=self.code.index)
        return place[key.index].groupby(key, sort=True).first()

    def places(self, cells: pd.Index) -> Ints:
        """Positions of cells by their ids."""
        return self.code.index.get_indexer(cells)


def note_table(notes: list[Note], land: NumberedLand) -> pd.DataFrame:
    """Notes as they stand in a plan: columns of `NOTE_COLUMNS`, by code."""
    rows = [
        {
            "reason": note.reason,
            "severity": note.severity,
            "code": str(land.code.iloc[note.cell])[: _digits(note, land.scheme)],
            "zh": note.text.render("zh"),
            "en": note.text.render("en"),
        }
        for note in notes
    ]
    table = pd.DataFrame(rows, columns=list(NOTE_COLUMNS)).astype(NOTE_COLUMNS)
    return table.sort_values(["code", "reason", "en"], kind="stable", ignore_index=True)


def _digits(note: Note, scheme: Scheme) -> int:
    return COMMUNITY_DIGITS if note.depth is None else scheme.digits(scheme.names[note.depth])
