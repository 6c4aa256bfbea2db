"""What is noted while files are read: what happened to a row goes into the account, a problem into the one error at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.errors import CrsError, InputError
from gridgeo.messages import Text, say
from gridgeo.model import ACCOUNT_COLUMNS, ROLES, UNITS

ACCEPTED, REPAIRED, SET_ASIDE = "accepted", "repaired", "set_aside"

Details: TypeAlias = "Iterable[str | None] | str | None"

SITE = "site"
"""What a problem is about that is of no layer."""

LAYERS = (*ROLES, UNITS)
"""Everything that is read, in the order of the account."""

_GRAVITY = {SET_ASIDE: 0, REPAIRED: 1, ACCEPTED: 2}
_SHOWN = 5
"""How many rows of one kind of problem a message names."""

_CRS = "crs_"
"""Reasons that begin so make the error a `CrsError`."""


class RowNote(NamedTuple):
    """What happened to one row."""

    layer: str
    row: int
    status: str
    reason: str
    detail: str | None


class GroupNote(NamedTuple):
    """What holds of many rows alike and needs one line only."""

    layer: str
    rows: npt.NDArray[Any]
    reason: str
    detail: str | None


class Problem(NamedTuple):
    """Why the data cannot be used; `extra` holds further values of the message."""

    reason: str
    layer: str
    row: int | None
    column: str | None
    value: str | None
    extra: Mapping[str, object]


class RowsRead(NamedTuple):
    """The rows of one layer as they were counted: row -> id, row -> households."""

    ids: pd.Series
    households: pd.Series


@dataclass(frozen=True)
class ReadingLog:
    """Collects notes and problems of all layers; the one thing that grows while a site is read."""

    notes: list[RowNote] = field(default_factory=list)
    groups: list[GroupNote] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def of(self, role: str) -> LayerLog:
        """The log of one layer."""
        return LayerLog(self, role)

    def raise_if_any(self) -> None:
        """Raise one error for all problems of all layers."""
        if not self.problems:
            return
        kind = CrsError if any(problem.reason.startswith(_CRS) for problem in self.problems) else InputError
        raise kind(_headline(self.problems), _table(self.problems))

    def account(self, read: Mapping[str, RowsRead]) -> pd.DataFrame:
        """Account of all layers: accepted rows first, then what holds of many rows, then row by row.

        A row about which there are several facts counts in the line of the gravest; its other lines have 0 rows.
        """
        notes = pd.DataFrame(self.notes, columns=list(RowNote._fields))
        parts = [
            _layer_account(layer, read[layer], (notes[notes["layer"] == layer], self._groups(layer)))
            for layer in LAYERS
            if layer in read
        ]
        return pd.concat([*parts, self._of_site()], ignore_index=True).astype(ACCOUNT_COLUMNS)

    def _of_site(self) -> pd.DataFrame:
        """Lines about what is no layer of the site; they count no rows."""
        rows = [(SITE, ACCEPTED, group.reason, 0, group.detail) for group in self._groups(SITE)]
        table = pd.DataFrame(rows, columns=["layer", "status", "reason", "rows", "detail"])
        return table.reindex(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)

    def _groups(self, layer: str) -> list[GroupNote]:
        return [group for group in self.groups if group.layer == layer]


class LayerLog(NamedTuple):
    """The log of one layer."""

    log: ReadingLog
    role: str

    def set_aside(self, rows: Iterable[Any], reason: str, details: Details = None) -> None:
        """Note rows that are not used; `details` is one text for all of them, or one a row."""
        self._note(SET_ASIDE, rows, reason, details=details)

    def repaired(self, rows: Iterable[Any], reason: str, details: Details = None) -> None:
        """Note rows that were changed; details as in `set_aside`."""
        self._note(REPAIRED, rows, reason, details=details)

    def accepted(self, rows: Iterable[Any], reason: str, details: Details = None) -> None:
        """Note something about rows that are used as they are; details as in `set_aside`."""
        self._note(ACCEPTED, rows, reason, details=details)

    def _note(self, status: str, rows: Iterable[Any], reason: str, *, details: Details) -> None:
        rows = [int(row) for row in rows]
        texts = [details] * len(rows) if details is None or isinstance(details, str) else list(details)
        self.log.notes.extend(
            RowNote(self.role, row, status, reason, detail) for row, detail in zip(rows, texts, strict=True)
        )

    def accepted_all(self, rows: npt.ArrayLike, reason: str, detail: str | None = None) -> None:
        """Note one line for all these rows together; they are used as they are."""
        rows = np.asarray(rows)
        if len(rows):
            self.log.groups.append(GroupNote(self.role, rows, reason, detail))

    def noted(self, reason: str, detail: str | None = None) -> None:
        """Note something of the layer as a whole, which counts no rows."""
        self.log.groups.append(GroupNote(self.role, np.empty(0, dtype=np.int64), reason, detail))

    def problem(
        self,
        reason: str,
        *,
        rows: Iterable[Any] = (None,),
        values: Iterable[object] | None = None,
        column: str | None = None,
        **extra: object,
    ) -> None:
        """Note a problem of the layer, or of each of these rows with the value that stands there."""
        rows = list(rows)
        texts = [None] * len(rows) if values is None else [str(value) for value in values]
        for row, value in zip(rows, texts, strict=True):
            number = None if row is None else int(row)
            self.log.problems.append(Problem(reason, self.role, number, column, value, extra))


def _layer_account(layer: str, read: RowsRead, noted: tuple[pd.DataFrame, list[GroupNote]]) -> pd.DataFrame:
    """Lines of one layer, from its notes of rows and of groups of rows."""
    notes, groups = noted
    lines = _note_lines(read, notes)
    open_rows = read.ids.index.difference(pd.Index(notes["row"].astype("int64")))
    of_groups: list[tuple[object, ...]] = []
    for group in reversed(groups):  # what is noted later says more than that an id was made
        mine = open_rows.intersection(pd.Index(group.rows))
        of_groups.insert(0, (*_accepted_line(layer, mine, read), group.reason, group.detail))
        open_rows = open_rows.difference(mine)
    first = (*_accepted_line(layer, open_rows, read), None, None)
    table = pd.DataFrame([first, *of_groups], columns=["layer", "status", "rows", "households", "reason", "detail"])
    table = table.reindex(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)
    return pd.concat([table, lines], ignore_index=True) if len(lines) else table


def _note_lines(read: RowsRead, notes: pd.DataFrame) -> pd.DataFrame:
    """A line for each fact of a row, rows by their id, those without one by what is said of them: files may be in any order."""
    joined = notes.groupby(["layer", "row", "status", "reason"], sort=False)["detail"].agg(_join).reset_index()
    joined = joined.assign(
        gravity=joined["status"].map(_GRAVITY),
        id=read.ids.reindex(joined["row"]).to_numpy(),
        households=read.households.reindex(joined["row"]).astype("Int64").to_numpy(),
    ).sort_values(["row", "gravity", "reason"])
    said = joined["reason"] + " " + joined["detail"].astype("string").fillna("") + ";"
    order = joined.assign(said=said.groupby(joined["row"]).transform("sum"))
    order = order.sort_values(["id", "said", "households", "row", "gravity", "reason"], ignore_index=True)
    first = ~order["row"].duplicated()
    figures = order["households"].astype("Int64")
    out = order.assign(rows=first.astype("int64"), households=figures.mask(~first & figures.notna(), 0))
    return out[list(ACCOUNT_COLUMNS)].astype(ACCOUNT_COLUMNS)


def _join(details: pd.Series) -> object:
    texts = sorted(details.dropna())
    return "; ".join(texts) if texts else pd.NA


def _accepted_line(layer: str, rows: pd.Index, read: RowsRead) -> tuple[object, ...]:
    """Layer, status, number of rows and of their households."""
    return layer, ACCEPTED, len(rows), read.households.reindex(rows).astype("Int64").sum(min_count=1)


def _table(problems: list[Problem]) -> pd.DataFrame:
    rows = [(p.layer, p.row, p.column, p.value, p.reason, _remedy(p)) for p in problems]
    table = pd.DataFrame(rows, columns=["layer", "row", "column", "value", "reason", "remedy"])
    return table.astype({"layer": "string", "row": "Int64", "column": "string", "value": "string", "reason": "string"})


def _remedy(problem: Problem) -> Text:
    return say(f"fix_{problem.reason}", layer=problem.layer, column=problem.column, **problem.extra)


def _headline(problems: list[Problem]) -> Text:
    """One sentence for each kind of problem of each layer, with the first few rows and values."""
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.reason, problem.layer, str(problem.column), *map(str, problem.extra.values()))
        kinds.setdefault(key, []).append(problem)
    texts = [_sentence(group) for group in kinds.values()]
    text = texts[-1]
    for earlier in texts[-2::-1]:
        text = say("load_joined", first=earlier, rest=text)
    return text


def _sentence(group: list[Problem]) -> Text:
    first = group[0]
    what = say(
        f"load_{first.reason}",
        layer=first.layer,
        column=first.column,
        rows=_few([str(problem.row) for problem in group]),
        values=_few([str(problem.value) for problem in group]),
        n=len(group),
        **first.extra,
    )
    return say("load_sentence", what=what, remedy=_remedy(first))


def _few(texts: list[str]) -> str:
    unique = list(dict.fromkeys(texts))
    return ", ".join(unique[:_SHOWN]) + (" …" if len(unique) > _SHOWN else "")


def explain(reason: str) -> Text:
    """What a reason of the account means."""
    return say(f"account_{reason}")


def places(shapes: npt.NDArray[Any]) -> list[str]:
    """Where shapes lie, as texts: x and y of the middle of their bounds [units of their CRS]."""
    bounds = shapely.bounds(shapes)
    return [f"({x:.2f}, {y:.2f})" for x, y in (bounds[:, :2] + bounds[:, 2:]) / 2]
