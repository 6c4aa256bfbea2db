"""The command line: the verbs of the library, with files on both sides.

Steps
-----
options
    What commands share, and the site and scheme that it describes.
summary
    What is told when a command has ended, on one screen.
fault_traces
    Where a fault of the program is written down.
terminal
    Progress, summaries, and errors in plain words.
commands
    The commands, and all that is switched for the whole process.
"""

from __future__ import annotations

from gridgeo.cli.commands import main

__all__ = ["main"]
