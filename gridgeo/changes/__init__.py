"""What changed between two plans of one place: who moves, which codes are kept, and what of each old zone lies in each new one.

Steps
-----
compared_sides
    A plan or a drawing, as far as changes need it.
member_flows
    Who of the old year is who in the new one, to the household.
code_fates
    Codes kept, moved, retired and new, and the rule that says so.
crosswalk_tables
    What of each old zone lies in each new one.
plan_changes
    These steps in their order: the verb diff.
change_files
    Changes as layers, workbooks and tables.
"""

from gridgeo.changes.change_files import CHANGE_ENDINGS, write_changes, write_tables
from gridgeo.changes.plan_changes import diff

__all__ = ["CHANGE_ENDINGS", "diff", "write_changes", "write_tables"]
