"""The account of what dividing the land did to the layers, written by each stage as it works.

Steps
-----
account_lines
    Lines, and the table that they become.
line_names
    Where something is, so that it can be found: the name of a line near by, or a place.
"""

from gridgeo.land.account.account_lines import (
    NOTICED_M2,
    NOTICED_SHARE,
    REASONS,
    SHARING,
    WITHOUT_LAND,
    AccountLine,
    account_table,
    noticed,
    percent,
    places,
    with_account,
)
from gridgeo.land.account.line_names import NamedLines, named_lines, names_across, names_between

__all__ = [
    "NOTICED_M2",
    "NOTICED_SHARE",
    "REASONS",
    "SHARING",
    "WITHOUT_LAND",
    "AccountLine",
    "NamedLines",
    "account_table",
    "named_lines",
    "names_across",
    "names_between",
    "noticed",
    "percent",
    "places",
    "with_account",
]
