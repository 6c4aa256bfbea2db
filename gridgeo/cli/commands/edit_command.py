"""``gridgeo edit``: a plan changed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from gridgeo.cli.commands.group import FileCommand, main
from gridgeo.cli.options import lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import Terminal
from gridgeo.errors import InputError
from gridgeo.files import refuse_package
from gridgeo.messages import Lang, Text, say
from gridgeo.style import label

if TYPE_CHECKING:
    from gridgeo.model import Plan

_ORDER = "gridgeo.order"
"""Under which the context keeps options in the order given."""


class _OrderedCommand(FileCommand):
    """A command that knows in which order its options were given; click alone collects those of one name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as ever, and remember the order."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = [str(option.name) for option in order]
        return super().parse_args(ctx, args)


@main.command(cls=_OrderedCommand)
@click.argument("plan")
@click.option(
    "--move", multiple=True, metavar="BUILDING=CODE", help="Put a building elsewhere. For example --move B017=003-05."
)
@click.option(
    "--move-compound",
    multiple=True,
    metavar="COMPOUND=CODE",
    help="Put a compound elsewhere, by id or name. For example --move-compound C3=003-05.",
)
@click.option(
    "--merge",
    multiple=True,
    metavar="CODE,CODE",
    help="Make one zone of several; the largest keeps its code. For example --merge 003-01,003-02.",
)
@click.option(
    "--rename", multiple=True, metavar="CODE=NAME", help="Give a zone a name. For example --rename 003-05=East."
)
@click.option("--lock", multiple=True, metavar="CODE", help="Let no edit change a zone. For example --lock 003.")
@click.option("--unlock", multiple=True, metavar="CODE", help="Unlock a zone. For example --unlock 003.")
@click.option(
    "--undo", count=True, help="Take the last edit back; may be given several times. For example --undo --undo."
)
@click.option(
    "--script",
    multiple=True,
    metavar="FILE",
    help="Replay the edits that a file holds. For example --script moves.json.",
)
@click.option("-o", "--output", required=True, help="Plan file to write (GeoPackage). For example -o plan2.gpkg.")
@overwrite_option
@lang_option
@click.pass_context
def edit(ctx: click.Context, /, plan: str, *, output: str, lang: Lang | None, overwrite: bool, **options: Any) -> None:
    """Change PLAN by hand: edits in the order given, all of them or none. CODE is a code or its label, such as 003-05.

    \b
    Example:
      gridgeo edit plan.gpkg --move B017=003-05 --rename 003=East --lock 003 -o plan2.gpkg
      gridgeo edit plan2.gpkg --undo --undo -o plan3.gpkg
    """
    from gridgeo.edits import outcome_of
    from gridgeo.model import Plan

    terminal = Terminal(spoken(lang))
    refuse_package(output, overwrite=overwrite)
    asked = list(_in_order(ctx.meta[_ORDER], options))
    if not asked:
        raise InputError(say("edit_nothing_asked"))
    with terminal.progress():
        terminal.step(say("step_read"))
        before = after = Plan.load(plan)
        terminal.step(say("step_edit"))
        for verb, text in asked:
            after = _EDITS[verb](after, text)
        after.save(output, overwrite=overwrite)
    terminal.say("cli_edited", steps=len(asked), households=_households_moved(before, after))
    terminal.tell(_told(after, outcome_of(before, after).outside, "cli_edit_outside"))
    terminal.tell(_told(after, outcome_of(before, after).torn, "cli_edit_torn"))
    terminal.say("cli_written", path=output)


def _in_order(order: list[str], options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Edits as they were given: name of the option, and its value."""
    left = {name: iter(value) if isinstance(value, tuple) else None for name, value in options.items()}
    for name in order:
        if name in _EDITS:
            values = left[name]
            yield name, "" if values is None else next(values)


def _parts(option: str, text: str) -> tuple[str, str]:
    """What stands before the last sign of equality, and behind it."""
    one, sign, other = text.rpartition("=") if option != "--rename" else text.partition("=")
    if not (one.strip() and sign and (other.strip() or option == "--rename")):
        raise InputError(say("edit_asked_badly", option=option, text=text))
    return one.strip(), other.strip()


def _move(plan: Plan, text: str) -> Plan:
    from gridgeo import edits

    building, code = _parts("--move", text)
    return edits.move(plan, code, buildings=[building])


def _move_compound(plan: Plan, text: str) -> Plan:
    from gridgeo import edits

    compound, code = _parts("--move-compound", text)
    return edits.move(plan, code, compounds=[compound])


def _merge(plan: Plan, text: str) -> Plan:
    from gridgeo import edits

    return edits.merge(plan, [code.strip() for code in text.split(",") if code.strip()])


def _rename(plan: Plan, text: str) -> Plan:
    from gridgeo import edits

    return edits.rename(plan, *_parts("--rename", text))


def _by_code(verb: str) -> Callable[[Plan, str], Plan]:
    """An edit of the room that takes a code, or a file."""

    def edited(plan: Plan, text: str) -> Plan:
        from gridgeo import edits

        done: Plan = getattr(edits, verb)(plan, text.strip())
        return done

    return edited


def _undo(plan: Plan, _: str) -> Plan:
    from gridgeo import edits

    return edits.undo(plan)


_EDITS: Mapping[str, Callable[[Plan, str], Plan]] = {
    "move": _move,
    "move_compound": _move_compound,
    "merge": _merge,
    "rename": _rename,
    "lock": _by_code("lock"),
    "unlock": _by_code("unlock"),
    "undo": _undo,
    "script": _by_code("replay"),
}


def _households_moved(before: Plan, after: Plan) -> int:
    changed = before.cells.index[before.cells["code"].ne(after.cells["code"])]
    return int(after.members.loc[after.members["cell"].isin(changed), "households"].sum())


def _told(plan: Plan, codes: tuple[str, ...], reason: str) -> Iterator[Text]:
    """A line for each zone."""
    for code in codes:
        inside = plan.members["cell"].isin(plan.cells.index[plan.cells["code"].str.startswith(code)])
        households = {"households": int(plan.members.loc[inside, "households"].sum())}
        said = households if reason == "cli_edit_outside" else {}
        yield say(reason, label=label(code, plan.scheme), code=code, **said)
