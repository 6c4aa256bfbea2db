"""Changes as layers, workbooks and tables: the list of who moves is what an office puts up and hands on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gridgeo.files import (
    Sheet,
    as_csv,
    as_workbook,
    make_folder,
    refuse_ending,
    refuse_existing,
    write_bytes,
    write_layers,
)
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import Changes
from gridgeo.style import layer_looks

CHANGE_ENDINGS = (".gpkg", ".xlsx")
"""Of the files of changes."""
_MOVES = "moves"


def change_tables(changes: Changes) -> dict[str, pd.DataFrame]:
    """All tables of changes by their names, without geometry."""
    return {
        _MOVES: pd.DataFrame(changes.moves.drop(columns="geometry")),
        "codes": pd.DataFrame(changes.codes.drop(columns="geometry")),
        **{f"crosswalk_{tier}": changes.crosswalk(tier).round({"area_m2": 2}) for tier in changes.tiers},
        "same_buildings": changes.buildings,
    }


def write_changes(changes: Changes, path: str | Path, *, lang: Lang = "zh", overwrite: bool = False) -> Path:
    """Write changes as a GeoPackage or, by the ending of the path, as a workbook in words.

    Layers of the GeoPackage: moves (footprints of who moves), codes (outlines); tables crosswalk_<tier> and same_buildings.

    Raises
    ------
    OutputError
        As `files.write_bytes`, and if the ending is another one.
    """
    if refuse_ending(path, CHANGE_ENDINGS) == ".xlsx":
        return write_bytes(path, as_workbook(_sheets(changes, lang)), overwrite=overwrite)
    layers = change_tables(changes) | {_MOVES: changes.moves, "codes": changes.codes}
    return write_layers(path, layers, looks=layer_looks(lang=lang), overwrite=overwrite)


def write_tables(changes: Changes, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write a CSV for each table into a folder, which is made if it is missing.

    Raises
    ------
    OutputError
        As `files.write_bytes`.
    """
    tables = change_tables(changes)
    folder = make_folder(folder)
    paths = {name: refuse_existing(folder / f"{name}.csv", overwrite=overwrite) for name in tables}
    for name, path in paths.items():
        write_bytes(path, as_csv(tables[name]), overwrite=overwrite)
    return folder


def _sheets(changes: Changes, lang: Lang) -> Iterator[Sheet]:
    """Sheets in words: the summary, then each table."""
    for name, table in {"changes_summary": changes.summary, **change_tables(changes)}.items():
        what, _, tier = name.partition("crosswalk_")
        title = say("changes_crosswalk", tier=_word(f"tier_{tier}", tier, lang)) if tier else None
        yield Sheet(title.render(lang) if title else _word(f"changes_{what}", name, lang), _worded(table, lang))


def _worded(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """A table with heads and values that people read."""
    shown = table.drop(columns="group", errors="ignore").copy()
    for column in {"why", "status", "rule", "evidence", "fate", "tier"} & set(shown.columns):
        kind = "tier" if column == "tier" else f"change_{column}"
        words = {value: _word(f"{kind}_{value}", str(value), lang) for value in shown[column].dropna().unique()}
        shown[column] = shown[column].map(words).astype("string")
    return shown.rename(columns=lambda name: _word(f"change_head_{name}", str(name), lang))


def _word(reason: str, otherwise: str, lang: Lang) -> str:
    """Words of the catalogue; where it has none, the name itself."""
    return say(reason).render(lang) if has_text(reason) else otherwise
