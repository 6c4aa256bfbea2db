"""The one font: what it can write, how texts are cleaned, cut and wrapped."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gridgeo.maps.pdf.pdf_font import FONT, UNKNOWN, clean, font, shorten, width, wrap
from gridgeo.messages import LANGS, Lang
from tests.maps.printed_sheets import RARE, pages_of, print_plan
from tests.style.made_plan import make_plan


@pytest.mark.parametrize("lang", LANGS)
def test_a_character_that_the_font_lacks_stops_nothing_and_is_listed(tmp_path: Path, lang: Lang) -> None:
    plan = make_plan(names={"b000000": f"{RARE}楼", "s1": f"文{RARE}路"})
    with pytest.warns(UserWarning, match=RARE) as caught:
        text = "\n".join(pages_of(print_plan(tmp_path, plan, lang=lang)))
    assert f"文{UNKNOWN}路" in text
    assert RARE not in text
    (warning,) = caught
    for part in (f"streets s1 name: {RARE} U+2CB4E", f"buildings b000000 name: {RARE} U+2CB4E", UNKNOWN):
        assert part in str(warning.message)
    assert ord(UNKNOWN) in font().face.charToGlyph
    assert width(RARE, 8) == width(UNKNOWN, 8)


def test_rare_but_known_characters_and_invisible_ones_are_printed(tmp_path: Path) -> None:
    plan = make_plan(names={"b000000": "喆堃\u200b赟\u202e玥珺\x00", "s1": "國園　é路"})
    text = "\n".join(pages_of(print_plan(tmp_path, plan)))
    assert "喆堃赟玥珺" in text
    assert "國園 é路" in text


def test_the_font_can_write_all_of_gbk() -> None:
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
    characters = {c for pair in pairs if len(c := pair.decode("gbk", errors="ignore")) == 1}
    known = font().face.charToGlyph
    missing = [c for c in characters if ord(c) not in known and not "\ue000" <= c <= "\uf8ff"]
    assert len(characters) > 21_000
    assert len(missing) < 100, missing
    assert all(ord(c) in known for c in "㎡²·…、。（）《》①éüß" + "".join(map(chr, range(0x4E00, 0x9FA6))))


def test_the_font_travels_with_its_licence() -> None:
    folder = Path(__import__("gridgeo.maps.pdf").maps.pdf.__file__).parent / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text().upper()
    assert (folder / f"{FONT}.ttf").stat().st_size < 8_000_000


@pytest.mark.long
def test_the_font_is_cut_the_same_way_every_time(tmp_path: Path) -> None:
    pytest.importorskip("fontTools")
    root = Path(__file__).parents[2]
    spec = importlib.util.spec_from_file_location("make_font", root / "docs" / "make_font.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    source = root / "gridgeo" / "maps" / "pdf" / "fonts" / f"{FONT}.ttf"
    assert module.cut(source, tmp_path / "again.ttf") > 22_000
    assert (tmp_path / "again.ttf").read_bytes() == source.read_bytes()


def test_text_is_cleaned() -> None:
    assert clean("  e\u0301\u200b\u202e a\tb\n") == "é a b"
    assert clean(pd.NA) == clean(None) == clean(float("nan")) == ""
    assert clean("\ufa12") == "晴"


@settings(max_examples=40, deadline=None)
@given(text=st.text("文化路，。a1 -", max_size=60), room=st.floats(30, 200))
@example(text="。 。", room=30.0)
def test_wrapping_loses_nothing_and_keeps_codes_whole(text: str, room: float) -> None:
    lines = wrap(clean(f"网格 41010500100100102 {text}"), 6, room)
    assert "".join("".join(lines).split()) == "".join(f"网格 41010500100100102 {text}".split())
    assert any("41010500100100102" in line for line in lines)
    assert not any(line[0] in "，。" for line in lines[1:])


def test_a_name_too_long_for_its_column_is_cut_visibly() -> None:
    short = shorten("很长很长的名称" * 5, 7, 60)
    assert short.endswith("…")
    assert width(short, 7) <= 60
    assert shorten("短", 7, 60) == "短"
