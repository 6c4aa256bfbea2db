"""The command line: the verbs of the library, with files on both sides."""

from __future__ import annotations

from gridgeo.cli.commands import main

__all__ = ["main"]
