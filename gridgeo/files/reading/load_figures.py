"""Loads besides households: columns of the buildings, or weighted sums of them, read strictly."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.files.reading.columns import by_value, form_of, normal, one_column
from gridgeo.files.reading.reading_log import LayerLog
from gridgeo.messages import say
from gridgeo.model import HOUSEHOLDS, columns_named, refuse_name

MOST = 1_000_000
"""More of a load than any one building holds."""

OWN = ("households", "levels", "units")
"""Columns of numbers that a sum takes from the site, after units were summed up and estimates made."""

_TERM = re.compile(r"(?:(?P<weight>\d+(?:\.\d+)?)\s*\*\s*)?(?P<column>[^*]*[^*\s])")
_FIGURE = re.compile(r"[-−+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][-+]?\d+)?")
_DIGITS = 9
"""Decimals to which sums are exact, so that 3 * 0.1 is 0.3."""

Loads: TypeAlias = "str | Iterable[str] | Mapping[str, str]"


class Term(NamedTuple):
    """One term of a sum."""

    weight: float
    column: str


Sums: TypeAlias = "Mapping[str, tuple[Term, ...]]"


def columns_of(sums: Sums) -> list[str]:
    """Columns of the file that sums are made of."""
    return list(dict.fromkeys(term.column for terms in sums.values() for term in terms if term.column not in OWN))


def read_sums(loads: Loads) -> Sums:
    """Name -> terms of each load.

    Parameters
    ----------
    loads
        Names of columns, or name -> sum of ``[NUMBER*]COLUMN`` terms.

    Raises
    ------
    InputError
        If a name cannot be used, or a sum cannot be read.
    """
    if isinstance(loads, str):
        loads = [loads]
    texts = dict(loads) if isinstance(loads, Mapping) else {name: name for name in loads}
    for name in texts:
        refuse_name(name)
        if name == HOUSEHOLDS:
            raise InputError(say("load_households_own"))
    return {name: _terms(name, text) for name, text in texts.items()}


def _terms(name: str, text: str) -> tuple[Term, ...]:
    found = [_TERM.fullmatch(term.strip()) for term in text.split("+")]
    terms = tuple(Term(float(term["weight"] or 1), term["column"]) for term in found if term is not None)
    if len(terms) < len(found):
        raise InputError(say("load_sum", name=name, text=text))
    return terms


def read_terms(table: pd.DataFrame, sums: Sums, log: LayerLog) -> pd.DataFrame:
    """Columns of numbers that the sums need, named ``term:COLUMN``, as Float64.

    What is not there, below 0 or no number is a problem; an empty field is `<NA>`.
    """
    out = {}
    for name in columns_of(sums):
        found = columns_named(table.columns, [name])
        if found:
            out[f"term:{name}"] = _figures(one_column(table, found[0]), name, log)
        else:
            known = ", ".join(str(column) for column in table.columns if column != "geometry")
            log.problem("figure_column", column=name, known=known)
    return pd.DataFrame(out, index=table.index, dtype="Float64")


def _figures(values: pd.Series, name: str, log: LayerLog) -> pd.Series:
    results = by_value(values, _figure)
    wrong = pd.Series([result if isinstance(result, str) else None for result in results], index=values.index)
    for reason in ("negative", "text", "huge"):
        rows = values.index[wrong == reason]
        if len(rows):
            log.problem(f"figure_{reason}", rows=rows, values=map(form_of, values[rows]), column=name, most=MOST)
    return pd.Series([r if isinstance(r, float) else pd.NA for r in results], values.index, dtype="Float64")


def _figure(value: object) -> float | str | None:
    """A figure, or why it is none; None for an empty text."""
    text = normal(str(value))
    if not text or isinstance(value, (bool, np.bool_)):
        return None if not text else "text"
    if not _FIGURE.fullmatch(text):
        return "huge" if text in {"inf", "-inf"} else "text"
    figure = float(text.replace(",", "").replace("−", "-"))
    if figure < 0:
        return "negative"
    return figure + 0.0 if math.isfinite(figure) and figure <= MOST else "huge"


def with_loads(buildings: gpd.GeoDataFrame, sums: Sums, log: LayerLog) -> gpd.GeoDataFrame:
    """Buildings with a column for each load, in whole numbers, halves rounded up; unknown if any term is.

    The account tells how each was made, and which buildings have none.

    Parameters
    ----------
    buildings
        Reads the columns of `read_terms`, households, levels, units.
    """
    loads = {}
    for name, terms in sums.items():
        columns = [buildings[t.column if t.column in OWN else f"term:{t.column}"].astype("Float64") for t in terms]
        total = sum(term.weight * column for term, column in zip(terms, columns, strict=True))
        huge = buildings.index[(total > MOST).fillna(value=False)]
        if len(huge):
            log.problem("figure_huge", rows=huge, values=map(form_of, total[huge]), column=name, most=MOST)
        loads[name] = np.floor(total.round(_DIGITS) + 0.5).mask(total > MOST).astype("Int64")
        text = " + ".join(term.column if term.weight == 1 else f"{term.weight:g}*{term.column}" for term in terms)
        log.accepted_all(buildings.index, "load_read", f"{name} = {text}")
        unknown = buildings.index[loads[name].isna()]
        log.accepted(unknown, "load_missing", name)
    return buildings.assign(**loads)
