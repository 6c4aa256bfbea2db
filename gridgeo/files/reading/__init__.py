"""Files to a site: every layer in one metric system, every row accounted for.

Steps
-----
sources
    Which file, folder or layer holds which role.
formats
    Rows as they stand in a file, or in a folder of parts.
packed_files, point_tables
    What is zipped; what lies where columns of coordinates say.
column_choice, columns, row_ids, household_figures, load_figures
    Which columns hold what; what rows say: texts, numbers and flags, ids, households, other loads.
crs
    The system that a layer is in, and the metric one of the site.
shapes
    Usable shapes.
community_rows
    Which rows are communities.
rows_outside
    Buildings in no community.
line_gaps
    Lines that should meet and do not.
site_reader
    All of this in order.
office_tables, people_lists
    Tables kept beside a plan, row by row; who answers for which zone.
reading_log
    What happened to each row, and every problem of every layer.
"""

from __future__ import annotations

from gridgeo.files.reading.office_tables import OfficeTable, read_table
from gridgeo.files.reading.people_lists import read_roster
from gridgeo.files.reading.reading_log import explain
from gridgeo.files.reading.site_reader import read_site

__all__ = ["OfficeTable", "explain", "read_roster", "read_site", "read_table"]
