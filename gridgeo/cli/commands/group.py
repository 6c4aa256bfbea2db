"""The program itself, and what is switched for the whole process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import click

from gridgeo._version import VERSION
from gridgeo.cli.options import spoken
from gridgeo.cli.terminal import plain_errors
from gridgeo.files import refuse_inputs, refuse_twice


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave garbage alone while a command runs, since of the many shapes that are made nearly all stay.

    To look through all objects of a process again and again, because there are more of them, takes up to a sixth of the time
    that land takes; what nobody refers to any more goes at once all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_WRITTEN = frozenset({"-o", "--json", "--csv"})
"""Options that name what is written."""


class FileCommand(click.Command):
    """A command that never writes onto what it reads, and ends in plain words whatever happens."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, unless a file that it would write is one that it reads; errors are told in the language asked for."""
        with plain_errors(spoken(ctx.params.get("lang"))):
            outputs = {str(option.name) for option in self.params if not _WRITTEN.isdisjoint(option.opts)}
            written = [str(ctx.params[name]) for name in outputs if ctx.params[name] is not None]
            given = [text for name, value in ctx.params.items() if name not in outputs for text in _texts(value)]
            for path in written:
                refuse_inputs(path, given)
            refuse_twice(written)
            return super().invoke(ctx)


def _texts(value: object) -> Iterator[str]:
    """The paths that a value of an option can name: alone, before the name of a layer, or behind that of a tier."""
    for text in value if isinstance(value, tuple) else (value,):
        if isinstance(text, str):
            yield from {text, text.rpartition(":")[0], text.partition("=")[2]} - {""}


class _Commands(click.Group):
    """Commands; what happens before one of them runs ends in plain words too."""

    command_class = FileCommand

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what happens while its parts are still loaded ends like what happens later."""
        with plain_errors(spoken(None)), _without_collecting():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="gridgeo")
def main() -> None:
    """Divide a community's land into grids, prove that nothing is left out, draw the maps.

    \b
    Example:
      gridgeo demo
    """
