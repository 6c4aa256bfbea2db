"""Tables are cut without loss."""

from __future__ import annotations

from gridgeo.maps.pdf.pdf_pen import Box
from gridgeo.maps.pdf.sheet_tables import Table, capacity, cut


def test_a_table_is_cut_without_loss() -> None:
    table = Table(("a",), tuple((str(i),) for i in range(10)), (False,), tuple(map(str, range(10))))
    first, rest = cut(table, 4)
    assert (*first.rows, *rest.rows) == table.rows
    assert (*first.marks, *rest.marks) == table.marks
    assert capacity(table, Box(0, 0, 10, 5)) == (1, 0)
