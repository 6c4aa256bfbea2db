"""What the pen leaves behind."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf

from gridgeo.maps.pdf.pdf_pen import Pen
from tests.maps.printed_sheets import print_plan
from tests.style.made_plan import make_plan


def test_bold_text_does_not_leak_into_the_next() -> None:
    pen = Pen("t")
    pen.page((300, 300), "m", "")
    pen.text((10, 10), "甲", 10, bold=True)
    pen.text((10, 30), "乙", 10)
    import io

    stream = pypdf.PdfReader(io.BytesIO(pen.pdf())).pages[0].get_contents()
    assert stream is not None
    content = stream.get_data().decode("latin-1")
    assert content.count("2 Tr") == 1
    between = content[content.index("2 Tr") : content.rindex("BT")]
    assert re.search(r"^Q$", between, re.MULTILINE), "the state is put back before the next text"


def test_the_settings_of_the_pdf_library_are_left_as_they_were(tmp_path: Path) -> None:
    from reportlab import rl_config

    before = rl_config.useA85
    path = print_plan(tmp_path, make_plan())
    assert rl_config.useA85 == before
    assert b"ASCII85" not in path.read_bytes()
