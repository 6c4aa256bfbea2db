"""What a user sees while a command runs: progress, summary, and errors in plain words. All of it goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
import pandas as pd
from rich.cells import cell_len
from rich.console import Console

from gridgeo.errors import GridgeoError, InputError
from gridgeo.messages import Lang, Text, has_text, say
from gridgeo.model import HOUSEHOLDS

if TYPE_CHECKING:
    from rich.status import Status

    from gridgeo.model import Plan, Report, Site, Zones

USABLE, FAULTY, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; written, but with errors; nothing written; interrupted."""

LASTING = frozenset({"step_certain", "step_compile"})
"""Steps that are told for good, be there a terminal or not."""

_BETWEEN, _MISSING = "  ", "-"
"""Between the columns of a table; where a value is missing."""

_SHOWN = 8
_NAMED = 5
_CLASSES = 20


@dataclass
class Terminal:
    """Progress and messages in one language."""

    lang: Lang
    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))
    _status: Status | None = None

    def say(self, reason: str, /, **values: object) -> None:
        """Print a text of the catalogue."""
        click.echo(say(reason, **values).render(self.lang), err=True)

    def step(self, text: Text) -> None:
        """Show what is being done, on a terminal only; what is certain before the search is printed to stay."""
        if text.reason in LASTING:
            click.echo(text.render(self.lang), err=True)
        elif self._status is not None:
            self._status.update(text.render(self.lang) + " ...")

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show steps while a block runs."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status("") as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None

    def account(self, site: Site) -> None:
        """Print what happened to the rows that were not simply accepted, and what dividing the land did to them."""
        from gridgeo.files.reading import explain

        lines = site.account[site.account["reason"].notna()]
        for (layer, status, reason), group in lines.groupby(["layer", "status", "reason"], sort=True):
            self.say(
                "cli_account",
                layer=layer,
                count=_counted(group, str(status)),
                reason=explain(str(reason)),
                named=_named(group),
            )
            households = group["households"].sum(min_count=1)
            if status == "set_aside" and pd.notna(households) and households > 0:
                self.say("cli_account_households", households=int(households))

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

    def zones(self, zones: Zones) -> None:
        """Print a line a tier."""
        for row in zones.summary().to_dict(orient="records"):
            label = f"cli_tier_{row['tier']}"
            row["tier"] = say(label) if has_text(label) else row["tier"]
            own = "cli_tier" if row["load"] == HOUSEHOLDS else "cli_tier_load"
            values = {str(name): value for name, value in row.items()}
            self.say(own if pd.notna(row["min"]) else "cli_tier_without", **values)
            if pd.notna(row.get("also_min")):
                self.say("cli_tier_also", **values)

    def notes(self, plan: Plan) -> None:
        """Print why the plan is not in all as asked, warnings first."""
        ordered = plan.notes.sort_values("severity", key=lambda names: names != "warning", kind="stable")
        if len(ordered):
            warnings = int((ordered["severity"] == "warning").sum())
            self.say("cli_notes", warnings=warnings, notes=len(ordered) - warnings)
        self._first([f"{note['code']}: {note[self.lang]}" for note in ordered.to_dict(orient="records")])

    def report(self, report: Report) -> None:
        """Print state, errors one by one, and how many other findings there are by rule."""
        report = report.spoken(self.lang)
        counts = report.counts()
        state = say(f"state_{report.state}")
        self.say("cli_report", state=state, errors=counts["error"], warnings=counts["warning"], notes=counts["note"])
        for reason in report.missing:
            click.echo(f"  {reason}", err=True)
        self._first([f"{row.rule} {row.code}: {row.message}" for row in report.errors.itertuples()])
        for severity in ("warning", "note"):
            rules = report.findings.loc[report.findings["severity"] == severity, "rule"].value_counts(sort=False)
            if len(rules):
                counted = ", ".join(f"{rule} {n}" for rule, n in rules.items())
                self.say("cli_rules", severity=say(f"severity_{severity}"), rules=counted)

    def table(self, table: pd.DataFrame) -> None:
        """Print a table of plans (index tier, plan), tier by tier, with the plans side by side."""
        for tier, rows in table.groupby(level=0, sort=False):
            click.echo("\n".join(aligned(rows.droplevel(0).T, str(tier))) + "\n", err=True)

    def _first(self, lines: list[str]) -> None:
        for line in lines[:_SHOWN]:
            click.echo(f"  {line}", err=True)
        if len(lines) > _SHOWN:
            self.say("cli_more", n=len(lines) - _SHOWN)


def _counted(lines: pd.DataFrame, status: str) -> Text | str:
    """How many rows, or what else, lines of an account with one reason are about; nothing where that stands in the detail."""
    rows = len(lines) if lines["row"].notna().any() else int(lines["rows"].sum())
    if rows:
        return say("cli_account_rows", n=rows, what=say(f"account_{status}"))
    return say("cli_account_cases", n=len(lines)) if len(lines) > 1 or lines["id"].notna().any() else ""


def _named(lines: pd.DataFrame) -> Text | str:
    """The first few of what lines of an account are about, by id, with what their details tell."""
    told = (lines["id"].fillna("") + " " + lines["detail"].fillna("")).str.strip()
    told = told[told != ""]
    shown = " | ".join(told[:_NAMED]) + (" ..." if len(told) > _NAMED else "")
    return say("cli_account_named", names=shown) if shown else ""


@contextmanager
def plain_errors(lang: Lang) -> Iterator[None]:
    """Turn what went wrong into words and an exit code."""
    try:
        yield
    except GridgeoError as error:
        text = error.text.render(lang) if isinstance(error.text, Text) else str(error)
        click.echo(say("cli_error", text=text).render(lang), err=True)
        if isinstance(error, InputError) and error.problems is not None:
            _tell_problems(error.problems, text, lang)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        click.echo(say("cli_interrupted").render(lang), err=True)
        sys.exit(INTERRUPTED)


def _tell_problems(problems: pd.DataFrame, said: str, lang: Lang) -> None:
    """Print where each problem is and what helps, unless the error has said so."""
    for row in problems.to_dict(orient="records"):
        where = " ".join(f"{name}={row[name]}" for name in ("layer", "row", "column", "value") if _told(row[name]))
        remedy = row["remedy"].render(lang) if isinstance(row["remedy"], Text) else str(row["remedy"])
        if remedy not in said:
            click.echo(f"  {where}: {remedy}", err=True)


def _told(value: object) -> bool:
    return value is not None and value == value and str(value) not in {"<NA>", ""}  # noqa: PLR0124 (NaN is not itself)


def aligned(table: pd.DataFrame, title: str) -> list[str]:
    """Lines of a table: title and names of its columns, then a line a row; numbers to the right."""
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
