"""One module a command; importing them puts them into the group.

Steps
-----
group
    The program itself, and what is switched for the whole process.
products
    What several commands write.
demo_command
    The whole job on a made community.
divide_command
    Files become a plan.
judged
    A plan, or a drawing and the place that it divides.
check_command
    A plan or a drawing is judged.
map_commands
    A plan on the screen and on paper.
compare_command
    Figures of several plans side by side.
diff_command
    What changed between two plans.
edit_command
    A plan changed by hand.
columns_command
    Names under which layers and columns are read.
export_command
    A plan for other programs.
repair_command
    A drawing without gaps and overlaps.
people_commands
    Where events and people are, and what they add up to.
"""

from __future__ import annotations

from gridgeo.cli.commands import (
    check_command,
    columns_command,
    compare_command,
    demo_command,
    diff_command,
    divide_command,
    edit_command,
    export_command,
    map_commands,
    people_commands,
    repair_command,
)
from gridgeo.cli.commands.group import main

__all__ = [
    "check_command",
    "columns_command",
    "compare_command",
    "demo_command",
    "diff_command",
    "divide_command",
    "edit_command",
    "export_command",
    "main",
    "map_commands",
    "people_commands",
    "repair_command",
]
