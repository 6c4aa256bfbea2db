"""Plans as other programs and people take them: workbooks, tables, layers of other formats, pictures.

Steps
-----
zone_tables
    What is exported, with the names of columns that each format can have.
workbook_sheets
    Plans and reports as workbooks, in words.
file_endings
    Endings of file names, and what each of them stands for.
"""

from __future__ import annotations

from gridgeo.exporting.file_endings import ENDINGS, export
from gridgeo.exporting.workbook_sheets import write_findings

__all__ = ["ENDINGS", "export", "write_findings"]
