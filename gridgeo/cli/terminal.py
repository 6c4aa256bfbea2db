"""What a user sees while a command runs: progress, summary, and errors in plain words. All of it goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from gridgeo.cli.fault_traces import keep_trace
from gridgeo.cli.summary import Wording, account_lines, finding_lines, left_out_lines, note_lines, zone_lines
from gridgeo.errors import GridgeoError
from gridgeo.messages import Lang, Text, say
from gridgeo.model import outside_limits
from gridgeo.progress import Pace

if TYPE_CHECKING:
    from rich.console import Console

    from gridgeo.model import Plan, Report, Site, Zones

USABLE, FAULTY, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; written, but with errors; nothing written; interrupted."""

LASTING = frozenset({"step_certain"})
"""Steps that are told for good, be there a terminal or not."""

_BETWEEN, _MISSING = "  ", "-"
"""Between the columns of a table; where a value is missing."""

_ZONES = 5
_CLASSES = 20


@dataclass(frozen=True)
class _PaceLine:
    """The line beside the spinner, written anew as often as that turns."""

    pace: Pace
    lang: Lang

    def __rich__(self) -> str:
        """What is being done, and how long it will take yet."""
        from rich.markup import escape

        return escape(self.pace.words(self.lang))


@dataclass
class Terminal:
    """Progress and messages in one language."""

    lang: Lang
    _pace: Pace | None = None

    @cached_property
    def console(self) -> Console:
        """Where progress is shown; made when it is asked for, so that help starts quickly."""
        from rich.console import Console

        return Console(stderr=True, highlight=False)

    def say(self, reason: str, /, **values: object) -> None:
        """Print a text of the catalogue."""
        click.echo(say(reason, **values).render(self.lang), err=True)

    def step(self, text: Text) -> None:
        """Show what is being done, on a terminal only; what is certain before the search is printed to stay."""
        if text.reason in LASTING:
            click.echo(text.render(self.lang), err=True)
        elif self._pace is not None:
            self._pace.step(text)

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show steps while a block runs."""
        if not self.console.is_terminal:
            yield
            return
        self._pace = Pace()
        with self.console.status(_PaceLine(self._pace, self.lang)):
            try:
                yield
            finally:
                self._pace = None

    def classes(self, site: Site, classes: list[str]) -> None:
        """Warn of classes that occur nowhere, which may be misspelt, and print those that do."""
        layers = [site.layer(role)["class"].dropna().str.strip() for role in ("institutions", "landuse", "pois")]
        there = pd.concat(layers).value_counts()
        known = {str(name).casefold() for name in there.index}
        unknown = [name for name in classes if name.casefold() not in known]
        if unknown:
            named = [f"{name} {n}" for name, n in there.sort_index().items()]
            shown = ", ".join(named[:_CLASSES]) + (" ..." if len(named) > _CLASSES else "")
            self.say("cli_classes_unknown", classes=", ".join(unknown), known=shown or "-")

    def institutions(self, site: Site, classes: list[str]) -> None:
        """Print how many institutions of each class asked for there are."""
        kinds = site.layer("institutions")["class"].str.casefold()
        counts = ", ".join(f"{name} {int((kinds == name.casefold()).sum())}" for name in classes)
        self.say("cli_institutions", counts=counts)

    def tell(self, lines: Iterable[Text | str]) -> None:
        """Print lines."""
        for line in lines:
            click.echo(line.render(self.lang) if isinstance(line, Text) else line, err=True)

    def counted(self, zones: Zones) -> None:
        """Print what the zones of a drawing hold, those outside their limits first."""
        table = zones.table[zones.table["tier"] == zones.tiers[-1]]
        outside = outside_limits(zones).reindex(table.index).fillna(value=False).astype(bool)
        shown = pd.concat([table[outside], table[~outside]]).head(_ZONES)
        heads = {"households": "map_households", "n_buildings": "map_buildings", "area_m2": "map_area"}
        rows = shown.assign(area_m2=(shown["area_m2"].astype(float) / 1e4).round(2)).set_index("code")[list(heads)]
        rows.columns = [say(reason).render(self.lang) for reason in heads.values()]
        click.echo("\n".join(aligned(rows, say("map_code").render(self.lang))), err=True)
        if len(table) > len(shown):
            self.say("cli_more_zones", n=len(table) - len(shown))

    def plan(self, plan: Plan, report: Report, path: str | Path) -> None:
        """What was made, whether it holds, what could not be met, what the data lack, and where all of it is written."""
        wording = Wording(self.lang, plan.scheme, plan.site)
        self.tell(zone_lines(plan.zones()))
        self.tell(left_out_lines(plan.site))
        known = {"size"} if plan.notes["reason"].str.startswith("size").any() else set()
        known |= {"code_placeholder"} if (plan.site.account["reason"] == "code_placeholder").any() else set()
        self.report(report, wording, known=frozenset(known), brief=True)
        self.tell(note_lines(plan, wording))
        self.tell(account_lines(plan.site, wording))
        self.say("cli_lists", path=path)

    def check(
        self, zones: Zones, site: Site | None, report: Report, *, paths: Iterable[str | None], drawn: bool
    ) -> None:
        """What zones hold, each of a drawing, what is wrong with them, and where all of it is written, or can be."""
        self.tell(zone_lines(zones))
        if drawn:
            self.counted(zones)
        self.report(report, Wording(self.lang, zones.scheme, site))
        written = [path for path in paths if path]
        for path in written:
            self.say("cli_written", path=path)
        if len(report.findings) and not written:
            self.say("cli_findings_file")

    def report(
        self, report: Report, wording: Wording, *, known: frozenset[str] = frozenset(), brief: bool = False
    ) -> None:
        """Print state, what is missing to judge all, and findings by rule but for those that are `known`."""
        report = report.spoken(self.lang)
        counts = report.counts()
        self.say(
            "cli_report",
            state=report.headline_text,
            errors=counts["error"],
            warnings=counts["warning"],
            notes=counts["note"],
        )
        self.tell(say("cli_item", what=reason) for reason in report.missing)
        self.tell(finding_lines(report, wording, known=known, brief=brief))

    def table(self, table: pd.DataFrame) -> None:
        """Print a table of plans (index tier, plan), tier by tier, with the plans side by side."""
        for tier, rows in table.groupby(level=0, sort=False):
            click.echo("\n".join(aligned(rows.droplevel(0).T, str(tier))) + "\n", err=True)


@contextmanager
def plain_errors(lang: Lang) -> Iterator[None]:
    """Turn what went wrong into words and an exit code."""
    try:
        yield
    except GridgeoError as error:
        said, *more = error.lines(lang)
        click.echo("\n".join([say("cli_error", text=said).render(lang), *more]), err=True)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        click.echo(say("cli_interrupted").render(lang), err=True)
        sys.exit(INTERRUPTED)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:  # noqa: BLE001 - a traceback is no answer to who sits at a terminal
        click.echo(say("cli_error", text=_unforeseen(error).render(lang)).render(lang), err=True)
        sys.exit(UNUSABLE)


def _unforeseen(error: Exception) -> Text:
    """What is said of a fault of the program, or of a machine that is too small."""
    path = keep_trace(error)
    return say("cli_memory" if isinstance(error, MemoryError) else "cli_unforeseen", path=path or "-")


def aligned(table: pd.DataFrame, title: str) -> list[str]:
    """Lines of a table: title and names of its columns, then a line a row; numbers to the right."""
    from rich.cells import cell_len

    heads = [str(name) for name in table.columns]
    rows = [[_cell_text(value) for value in row] for row in table.itertuples(index=False)]
    labels = [title, *map(str, table.index)]
    first = max(map(cell_len, labels))
    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    lines = []
    for label, row in zip(labels, [heads, *rows], strict=True):
        cells = [" " * (width - cell_len(text)) + text for text, width in zip(row, widths, strict=True)]
        lines.append(_BETWEEN.join([label + " " * (first - cell_len(label)), *cells]).rstrip())
    return lines


def _cell_text(value: Any) -> str:
    """A number without needless zeros."""
    if pd.isna(value):
        return _MISSING
    return f"{value:g}" if isinstance(value, float) else str(value)
