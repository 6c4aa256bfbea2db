"""Events, posts and persons beside a plan: ``gridgeo locate``, ``tally``, ``reach``, ``roster``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import geopandas as gpd
import pandas as pd

from gridgeo.cli.commands.group import main
from gridgeo.cli.options import lang_option, overwrite_option, spoken, stacked
from gridgeo.cli.summary import tier_words
from gridgeo.cli.terminal import Terminal
from gridgeo.errors import InputError
from gridgeo.files import Sheet, as_csv, as_workbook, refuse_ending, refuse_existing, write_bytes
from gridgeo.messages import Lang, Text, say

if TYPE_CHECKING:
    from gridgeo.files.reading import OfficeTable
    from gridgeo.model import Plan, Roster
    from gridgeo.people import Reach

_SHOWN = 5
"""Rows that are named."""
_ENDINGS = (".csv", ".xlsx")
_PLACE_NAMES = ("building", "building_id", "楼栋", "楼栋编号", "楼栋名称", "address", "地址", "id", "编号")
"""Columns in which a table without coordinates may name a place."""

_table_options = stacked(
    click.option(
        "-o", "--output", required=True, metavar="FILE.csv|.xlsx", help="Table to write. For example -o places.csv."
    ),
    click.option(
        "--crs",
        help="Reference system of coordinates that state none: EPSG code, GCJ-02, BD-09. For example --crs GCJ-02.",
    ),
    click.option(
        "--building",
        metavar="COLUMN",
        help="Column with ids, names or addresses of buildings, for a table without coordinates. For example --building 楼栋.",
    ),
    overwrite_option,
    lang_option,
)


@main.command()
@click.argument("plan")
@click.argument("points")
@_table_options
def locate(
    plan: str, points: str, *, output: str, crs: str | None, building: str | None, overwrite: bool, lang: Lang | None
) -> None:
    """Find the building and the zones of each row of POINTS.

    POINTS is a layer or a table, with coordinates (lon, lat) or with a column that names buildings. Its columns are kept; cell,
    building, distance_m (metres to the building), where (inside, border, outside, unknown) and a code for each tier come behind.

    \b
    Example:
      gridgeo locate plan.gpkg events.csv -o places.csv
      gridgeo locate plan.gpkg visits.xlsx --building 楼栋 -o places.xlsx
    """
    from gridgeo.people import locate as find

    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, _ENDINGS)
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_locate"))
        made, table = _read(plan, points, crs=crs, terminal=terminal)
        rows = table.rows
        places = find(made, _named(rows, building) if building or not _has_geometry(rows) else rows.geometry)
        given = pd.DataFrame(rows.drop(columns="geometry", errors="ignore"))
        clash = {name: f"{name}_" for name in places.columns if name in given.columns}
        out = pd.concat([given.rename(columns=clash), places], axis=1)
        _write(out, output, lang=lang or "zh", title="locate", overwrite=overwrite)
        n = places["where"].value_counts()
        counts = {name: int(n.get(name, 0)) for name in ("outside", "unknown")}
        terminal.say("cli_located", n=len(out), found=len(out) - sum(counts.values()), **counts)
        terminal.say("cli_written", path=output)


@main.command()
@click.argument("plan")
@click.argument("events")
@click.option("--tier", help="Tier whose zones are counted in; the finest if left out. For example --tier grid.")
@click.option("--by", metavar="COLUMN", help="Column whose values become columns. For example --by status.")
@click.option("--time", metavar="COLUMN", help="Column of dates whose periods become columns. For example --time date.")
@click.option(
    "--every",
    type=click.Choice(["year", "quarter", "month", "week", "day"]),
    default="month",
    help="Period of --time. For example --every week.",
)
@click.option(
    "--value", metavar="COLUMN", help="Column to add up in place of counting rows. For example --value hours."
)
@click.option(
    "--share", is_flag=True, help="Share lines by length and areas by area; else each counts where most of it lies."
)
@click.option(
    "--hide-below",
    type=click.IntRange(min=1),
    help="Leave numbers below this blank, to protect people. For example --hide-below 5.",
)
@_table_options
def tally(
    plan: str,
    events: str,
    *,
    tier: str | None,
    by: str | None,
    time: str | None,
    every: str,
    value: str | None,
    share: bool,
    hide_below: int | None,
    output: str,
    crs: str | None,
    building: str | None,
    overwrite: bool,
    lang: Lang | None,
) -> None:
    """Count the rows of EVENTS in each zone, or add up one of its columns.

    EVENTS is a layer or a table, with coordinates or with a column that names buildings. Columns: code, n, and one for each
    value of --by or period of --time; the last row, outside, is what lies in no zone. Totals are those of the table.

    \b
    Example:
      gridgeo tally plan.gpkg events.csv --tier grid --by status -o tally.xlsx
    """
    from gridgeo.people import dates_of
    from gridgeo.people import tally as count

    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, _ENDINGS)
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_tally"))
        made, table = _read(plan, events, crs=crs, terminal=terminal)
        rows = table.rows
        column = building or (None if _has_geometry(rows) else str(_named(rows, None).name))
        sums = count(
            made,
            rows,
            tier=tier,
            by=by,
            time=time,
            every=every,
            value=value,
            share=share,
            building=column,
            hide_below=hide_below,
        )
        _write(sums, output, lang=lang or "zh", title="tally", overwrite=overwrite)
        total, outside = sums["n"].sum(), sums["n"].iloc[-1]
        terminal.say("cli_tallied", rows=len(rows), n=total, zones=len(sums) - 1, outside=outside)
        if time is not None:
            _tell_undated(rows.index[dates_of(rows[time]).isna()], terminal)
        terminal.say("cli_written", path=output)


@main.command()
@click.argument("plan")
@click.argument("posts")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    default=5.0,
    help="What is in reach. For example --minutes 10.",
)
@click.option(
    "--speed-kmh",
    type=click.FloatRange(min=0, min_open=True),
    default=4.5,
    help="Of who walks. For example --speed-kmh 4.",
)
@_table_options
def reach(
    plan: str,
    posts: str,
    *,
    minutes: float,
    speed_kmh: float,
    output: str,
    crs: str | None,
    building: str | None,
    overwrite: bool,
    lang: Lang | None,
) -> None:
    """Measure the minutes on foot from every building to the nearest of POSTS, over the streets.

    POSTS is a layer or a table, with coordinates or with a column that names buildings. Columns: building, minutes, post,
    households, reason (empty within reach; distance, no_street, barrier, no_way). Walls but for gates, water and railways are not
    crossed.

    \b
    Example:
      gridgeo reach plan.gpkg posts.csv --minutes 5 -o reach.xlsx
    """
    from gridgeo.people import reach as measure

    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, _ENDINGS)
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_reach"))
        made, table = _read(plan, posts, crs=crs, terminal=terminal)
        reached = measure(made, _standing(made, table.rows, building), minutes, speed_kmh=speed_kmh)
        rows = pd.DataFrame(reached.buildings.drop(columns="geometry")).rename_axis("building").reset_index()
        _write(rows, output, lang=lang or "zh", title="reach", overwrite=overwrite)
        terminal.tell(_reach_lines(reached, minutes))
        terminal.say("cli_written", path=output)


def _standing(plan: Plan, rows: pd.DataFrame, building: str | None) -> gpd.GeoDataFrame:
    """Posts where they stand: by their coordinates, or at the buildings that they name; what stands nowhere is refused."""
    if _has_geometry(rows) and building is None:
        placed = gpd.GeoDataFrame(rows)
    else:
        from gridgeo.people import locate as find

        named = _named(rows, building)
        shapes = plan.site.buildings.geometry.reindex(find(plan, named)["building"].fillna("")).to_numpy()
        placed = gpd.GeoDataFrame(rows.assign(name=rows.get("name", named)), geometry=shapes, crs=plan.cells.crs)
    nowhere = placed.index[(placed.geometry.isna() | placed.geometry.is_empty).to_numpy()]
    if len(nowhere):
        shown = ", ".join(str(row + 1) for row in nowhere[:_SHOWN])
        raise InputError(say("cli_post_nowhere", n=len(nowhere), rows=shown))
    return placed


def _reach_lines(reached: Reach, minutes: float) -> list[Text | str]:
    far = reached.buildings["reason"].value_counts()
    lines: list[Text | str] = [say("cli_reached", share=f"{100 * reached.share:.1f}", minutes=f"{minutes:g}")]
    lines += [say(f"cli_far_{reason}", n=int(n)) for reason, n in far.sort_index().items()]
    return lines + [say("cli_post_lost", post=name) for name in reached.lost_posts[:_SHOWN]]


@main.command()
@click.argument("plan")
@click.option(
    "-o", "--output", required=True, metavar="FILE.xlsx|.csv", help="List to write. For example -o roster.xlsx."
)
@overwrite_option
@lang_option
def roster(plan: str, output: str, *, overwrite: bool, lang: Lang | None) -> None:
    """Write a list of the zones of PLAN to fill in: who answers for each, in which role, with which phone.

    Fill it in, add rows for further persons, and give it to check with --roster. It stays a file of its own.

    \b
    Example:
      gridgeo roster plan.gpkg -o roster.xlsx
      gridgeo check plan.gpkg --roster roster.xlsx --staffing 'grid: chief 1; micro: member 1'
    """
    from gridgeo.model import Plan
    from gridgeo.people import roster_sheet

    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, _ENDINGS)
        refuse_existing(output, overwrite=overwrite)
        sheet = roster_sheet(Plan.load(plan), lang or "zh")
        _write(sheet, output, lang=lang or "zh", title="roster", overwrite=overwrite)
        terminal.say("cli_roster", n=len(sheet))
        terminal.say("cli_written", path=output)


def staffing_lines(plan: Plan, listed: Roster) -> list[Text | str]:
    """How many zones of each tier have a person, how many persons are bound, and who could stand in."""
    from gridgeo.people import staffed, vacancies

    figures = staffed(plan, listed)
    lines: list[Text | str] = [
        say(
            "cli_staffed",
            tier=tier_words(str(name)),
            n=row.with_person,
            zones=row.zones,
            share=f"{100 * row.share:.0f}",
        )
        for name, row in figures.drop("all").iterrows()
        if row.with_person
    ]
    every = figures.loc["all"]
    lines.append(say("cli_bound", persons=f"{every['persons']:.0f}", share=f"{100 * every['share']:.0f}"))
    free = vacancies(plan, listed).dropna().head(_SHOWN)
    return [*lines, *(say("cli_vacancy", code=code, neighbour=row.neighbour) for code, row in free.iterrows())]


def _tell_undated(rows: pd.Index, terminal: Terminal) -> None:
    if len(rows):
        shown = ", ".join(str(row + 1) for row in rows[:_SHOWN]) + (" ..." if len(rows) > _SHOWN else "")
        terminal.say("cli_undated", n=len(rows), rows=shown)


def _read(plan: str, table: str, *, crs: str | None, terminal: Terminal) -> tuple[Plan, OfficeTable]:
    from gridgeo.files.reading import read_table
    from gridgeo.model import Plan

    made, read = Plan.load(plan), read_table(table, crs=crs)
    terminal.tell(read.told)
    return made, read


def _has_geometry(rows: pd.DataFrame) -> bool:
    return "geometry" in rows.columns


def _named(rows: pd.DataFrame, column: str | None) -> pd.Series:
    """The column that names places."""
    there = [str(name) for name in rows.columns]
    name = column or next((name for name in _PLACE_NAMES if name in there), None)
    if name is None or name not in there:
        raise InputError(say("cli_no_place", column=column or "-", known=", ".join(there) or "-"))
    return rows[name]


def _write(table: pd.DataFrame, path: str, *, lang: Lang, title: str, overwrite: bool) -> None:
    sheet = say(f"cli_sheet_{title}").render(lang)
    data = as_csv(table) if Path(path).suffix == ".csv" else as_workbook([Sheet(sheet, table)])
    write_bytes(path, data, overwrite=overwrite)
