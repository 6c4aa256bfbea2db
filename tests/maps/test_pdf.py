"""Printed sheets: pages, codes that can be searched, fonts, margins, labels in their place, the same bytes every time."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pypdf
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gridgeo.errors import InputError, OutputError
from gridgeo.maps.pdf import atlas
from gridgeo.maps.pdf.contents import sheets
from gridgeo.maps.pdf.drawing import legend
from gridgeo.maps.pdf.font import FONT, clean, font, shorten, width, wrap
from gridgeo.maps.pdf.ground import prepare
from gridgeo.maps.pdf.labels import Taken, Wanted, place_along, place_inside, size_of
from gridgeo.maps.pdf.layout import map_pages, paper_size
from gridgeo.maps.pdf.pen import MM, Box, Pen
from gridgeo.maps.pdf.table import Table, capacity, cut
from gridgeo.maps.pdf.view import View, bar_length, fit, round_up
from gridgeo.model.plan import Plan
from gridgeo.model.report import COLUMNS, Report
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site
from tests.style.test_style import CRS, EAST, NORTH, make_plan

RARE = "𬭎"
"""In names of people and places, but not in GBK."""


def pages_of(path: Path) -> list[str]:
    """Text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def print_plan(tmp_path: Path, plan: Plan, **options: object) -> Path:
    """An atlas in a new file."""
    return atlas(plan, tmp_path / f"{len(list(tmp_path.iterdir()))}.pdf", **options)


def make_report(number: int = 3) -> Report:
    """Findings with long messages."""
    message = (
        "规模不符：微网格 41010500100100102 有 302 户，要求 30-100 户，位于 (500150.00, 3839950.00)；请移动楼栋或拆分，"
    )
    shapes = [shapely.box(EAST + 20, NORTH - 60, EAST + 60, NORTH - 20), shapely.Point(EAST + 150, NORTH - 150), None]
    rows = [
        (
            "size",
            ("error", "warning", "note")[i % 3],
            "41010500100100102",
            302.0,
            "households",
            message * 2 + str(i),
            shapes[i % 3],
        )
        for i in range(number)
    ]
    return Report(gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(COLUMNS)), geometry="geometry", crs=CRS))


def with_layer(plan: Plan, role: str, table: gpd.GeoDataFrame) -> Plan:
    """The plan with another layer."""
    site = Site(dict(plan.site.layers) | {role: table}, plan.site.unit_households, plan.site.account)
    return Plan(site, plan.cells, plan.scheme, plan.registry)


def test_an_overview_and_a_sheet_a_zone(tmp_path: Path) -> None:
    texts = pages_of(print_plan(tmp_path, make_plan()))
    assert len(texts) == 4
    assert "文化路第1社区 网格划分图" in texts[0]
    for text, title in zip(texts[1:], ("三级网格 001", "三级网格 002", "专属网格 901 文化路小学"), strict=True):
        assert title in text
    assert all("内部使用" in text and f"第 {i + 1} 页，共 4 页" in text for i, text in enumerate(texts))


def test_every_code_comes_out_in_one_piece(tmp_path: Path) -> None:
    plan = make_plan(columns=9, rows=4)
    texts = pages_of(print_plan(tmp_path, plan))
    for code in plan.zones("grid").index:
        assert re.search(rf"(?<!\d){code}(?!\d)", texts[0]), code
    for code, parent in plan.zones("micro")["parent"].items():
        sheet = next(text for text in texts[1:] if f"统一编码 {parent}" in text)
        assert re.search(rf"(?<!\d){code}(?!\d)", sheet), code


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_another_reader_finds_the_codes_too(tmp_path: Path) -> None:
    plan = make_plan()
    path = print_plan(tmp_path, plan)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    words = set(text.split())
    assert set(plan.zones("grid").index) | set(plan.zones("micro").index) <= words
    assert "文化路" in words


def test_labels_stand_on_the_map_once(tmp_path: Path) -> None:
    text = pages_of(print_plan(tmp_path, make_plan()))[1]
    for short in ("001-01", "001-02", "001-06"):
        assert text.count(short) == 1
    assert "图上未注记" not in text


def test_figures_of_the_table(tmp_path: Path) -> None:
    texts = pages_of(print_plan(tmp_path, make_plan()))
    words = texts[0].split()
    at = words.index("410105001001001")
    assert words[at : at + 6] == ["410105001001001", "—", "6", "6", "106*", "6.00"]
    assert "未计入" in texts[0]
    assert "未计入" not in texts[2]


def test_all_fonts_are_embedded_and_no_other_is_asked_for(tmp_path: Path) -> None:
    fonts = {}
    for page in pypdf.PdfReader(print_plan(tmp_path, make_plan(), report=make_report())).pages:
        fonts |= {name: entry.get_object() for name, entry in page["/Resources"]["/Font"].items()}
    assert fonts
    for entry in fonts.values():
        assert "NotoSansSC" in entry["/BaseFont"]
        assert "/FontFile2" in entry["/FontDescriptor"]
        assert "/ToUnicode" in entry


def test_nothing_is_a_picture(tmp_path: Path) -> None:
    for page in pypdf.PdfReader(print_plan(tmp_path, make_plan())).pages:
        assert "/XObject" not in page["/Resources"]


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="no pdftoppm on this machine")
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_margins_stay_white(tmp_path: Path, paper: str) -> None:
    plan = make_plan(columns=13, rows=3)
    path = print_plan(tmp_path, plan, paper=paper, report=make_report())
    subprocess.run(["pdftoppm", "-r", "50", "-gray", path, tmp_path / "p"], check=True)
    pages = sorted(tmp_path.glob("p-*.pgm"))
    assert len(pages) == len(pypdf.PdfReader(path).pages)
    for page in pages:
        magic, size, _, pixels = page.read_bytes().split(b"\n", 3)
        assert magic == b"P5"
        wide, high = map(int, size.split())
        ink = np.argwhere(np.frombuffer(pixels, np.uint8).reshape(high, wide) < 250) / 50 * 25.4
        assert ink[:, 0].min() > 14
        assert ink[:, 0].max() < high / 50 * 25.4 - 14
        assert ink[:, 1].min() > 34
        assert ink[:, 1].max() < wide / 50 * 25.4 - 14


def test_a_wide_place_lies_and_a_high_place_stands(tmp_path: Path) -> None:
    wide = pypdf.PdfReader(print_plan(tmp_path, make_plan(columns=13, rows=2))).pages[0].mediabox
    high = pypdf.PdfReader(print_plan(tmp_path, make_plan(columns=3, rows=9))).pages[0].mediabox
    assert wide.width > wide.height
    assert high.width < high.height
    assert (round(float(high.width) / MM), round(float(high.height) / MM)) == (210, 297)


def test_the_scale_is_round_and_the_bar_fits_it(tmp_path: Path) -> None:
    for text in pages_of(print_plan(tmp_path, make_plan())):
        scale = int(re.search(r"1:([\d,]+)", text)[1].replace(",", ""))
        assert round_up(scale) == scale
        assert re.search(r"\d+ m\b", text)


def test_a_character_that_the_font_lacks_stops_everything(tmp_path: Path) -> None:
    plan = make_plan(names={"b000000": f"{RARE}楼", "s1": f"文{RARE}路"})
    with pytest.raises(InputError) as caught:
        print_plan(tmp_path, plan)
    assert list(tmp_path.iterdir()) == []
    problems = caught.value.problems
    assert problems[["layer", "row", "column"]].values.tolist() == [
        ["streets", "s1", "name"],
        ["buildings", "b000000", "name"],
    ]
    assert problems["value"].tolist() == [f"{RARE} U+2CB4E"] * 2
    assert RARE in str(caught.value)
    assert "b000000" in caught.value.text.render("zh")


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


def test_the_font_is_cut_the_same_way_every_time(tmp_path: Path) -> None:
    pytest.importorskip("fontTools")
    root = Path(__file__).parents[2]
    spec = importlib.util.spec_from_file_location("make_font", root / "docs" / "make_font.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    source = root / "gridgeo" / "sheets" / "fonts" / f"{FONT}.ttf"
    assert module.cut(source, tmp_path / "again.ttf") > 22_000
    assert (tmp_path / "again.ttf").read_bytes() == source.read_bytes()


def test_the_same_plan_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from tests.style.test_style import make_plan; from tests.maps.test_pdf import make_report\n"
        "from gridgeo.maps.pdf import atlas\n"
        "atlas(make_plan(columns=8, communities=2), sys.argv[1], report=make_report())"
    )
    root = Path(__file__).parents[2]
    files = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.pdf"
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        subprocess.run([sys.executable, "-c", script, path], env=environment, cwd=root, check=True)
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert b"D:2000" in files[0]


def test_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    plan = make_plan()
    shuffled = Plan(plan.site, plan.cells.sample(frac=1, random_state=3), plan.scheme, plan.registry)
    assert print_plan(tmp_path, plan).read_bytes() == print_plan(tmp_path, shuffled).read_bytes()


def test_an_existing_file_is_kept_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_text("old")
    with pytest.raises(OutputError):
        atlas(make_plan(), path)
    assert path.read_text() == "old"
    assert atlas(make_plan(), path, overwrite=True) == path
    assert path.read_bytes().startswith(b"%PDF")


def test_unknown_paper(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="A4"):
        print_plan(tmp_path, make_plan(), paper="Letter")
    assert list(tmp_path.iterdir()) == []


def test_a_long_table_goes_to_pages_of_its_own(tmp_path: Path) -> None:
    scheme = Scheme.parse(["grid:10-400", "micro:5-50:3"])
    plan = make_plan(columns=3, rows=45, scheme=scheme)
    texts = pages_of(print_plan(tmp_path, plan))
    assert len(texts) == 1 + 2 + 1
    assert "一览表见下页" in texts[1]
    assert "三级网格 001 一览表" in texts[2]
    codes = plan.zones("micro").index[plan.zones("micro")["parent"] == "410105001001001"]
    assert len(codes) == 90
    assert all(code in texts[2] for code in codes)


def test_one_tier_lists_the_buildings_of_each_zone(tmp_path: Path) -> None:
    texts = pages_of(print_plan(tmp_path, make_plan(scheme=Scheme.parse(["grid:10-100"]))))
    assert len(texts) == 1 + 10
    assert "b000000" in texts[1]
    assert "1号楼" in texts[1]


def test_three_tiers_have_a_sheet_for_each_zone_that_is_divided(tmp_path: Path) -> None:
    plan = make_plan(scheme=Scheme.parse(["district:10-400", "grid:10-200", "micro:5-50"]))
    texts = pages_of(print_plan(tmp_path, plan))
    assert len(texts) == 1 + len(plan.zones("district")) + len(plan.zones("grid"))
    everything = "\n".join(texts)
    assert all(code in everything for tier in plan.scheme.names for code in plan.zones(tier).index)


def test_several_communities_have_a_sheet_together_and_one_each(tmp_path: Path) -> None:
    plan = make_plan(columns=8, communities=2)
    texts = pages_of(print_plan(tmp_path, plan))
    assert len(texts) == 1 + 2 + len(plan.zones("grid"))
    assert "等 2 个社区网格划分总图" in texts[0]
    assert "410105001002" in texts[0]
    assert "文化路第2社区 网格划分图" in "".join(texts)


def test_findings_are_marked_and_listed(tmp_path: Path) -> None:
    texts = pages_of(print_plan(tmp_path, make_plan(), report=make_report(40)))
    assert len(texts) > 5
    assert "检查发现：错误" in texts[0]
    listed = "".join("".join(texts[4:]).split())
    assert all(f"请移动楼栋或拆分，{i}" in listed for i in range(40))


def test_a_report_without_findings_adds_nothing(tmp_path: Path) -> None:
    empty = Report(make_report().findings.iloc[:0])
    assert len(pages_of(print_plan(tmp_path, make_plan(), report=empty))) == 4


def test_english(tmp_path: Path) -> None:
    texts = pages_of(print_plan(tmp_path, make_plan(), lang="en"))
    assert "overview of grids" in texts[0]
    assert "page 1 of 4" in texts[0]
    assert "三级网格" not in "".join(texts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_the_legend_fit_into_two_columns(lang: str) -> None:
    report = make_report()
    ground = prepare(make_plan(), report, lang)
    for sheet in sheets(ground):
        drawn = next(map_pages(sheet, ground, paper_size("A4"))).map
        first, *others = legend(drawn, ground)
        assert 20 + width(first[1], 7) < drawn.legend_box.width
        assert all(20 + width(text, 7) < drawn.legend_box.width / 2 for _, text, _ in others)
        assert len(others) / 2 * 10.5 < drawn.legend_box.height - 60
    words = [ground.say(f"role_{role}") for role in ("compounds", "barriers", "waterways", "railways", "communities")]
    assert max(width(text, 7) for text in words) < 53


def test_bookmarks_and_links_lead_to_the_sheets(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(print_plan(tmp_path, make_plan()))
    assert [entry.title for entry in reader.outline][1] == "文化路第1社区 三级网格 001"
    assert len(reader.pages[0]["/Annots"]) == 3


def test_a_site_with_buildings_as_points_and_no_context(tmp_path: Path) -> None:
    plan = make_plan()
    points = plan.site.buildings.set_geometry(plan.site.buildings.centroid)
    plan = with_layer(with_layer(plan, "buildings", points), "streets", plan.site.layer("streets").iloc[:0])
    assert len(pages_of(print_plan(tmp_path, plan))) == 4


def test_a_community_without_a_name_goes_by_its_code(tmp_path: Path) -> None:
    plan = make_plan()
    nameless = plan.site.communities.assign(name=pd.array([pd.NA], dtype="string"))
    assert (
        "社区 410105001001 网格划分图" in pages_of(print_plan(tmp_path, with_layer(plan, "communities", nameless)))[0]
    )


def test_zones_too_small_for_a_label_are_listed_below_the_map(tmp_path: Path) -> None:
    plan = make_plan(columns=3, rows=40, scheme=Scheme.parse(["grid:10-900", "micro:5-50:3"]))
    flat = shapely.transform(plan.cells.geometry, lambda points: (points - [EAST, NORTH]) * [20, 0.5] + [EAST, NORTH])
    thin = plan.cells.set_geometry(flat)
    plan = Plan(plan.site, thin, plan.scheme, plan.registry)
    ground = prepare(plan, None, "zh")
    for sheet in sheets(ground):
        page = next(map_pages(sheet, ground, paper_size("A4")))
        missing = page.map.labels.missing
        placed = {label.lines[0][0] for label in page.map.labels.zones}
        assert placed | set(missing) == set(sheet.inner.labels[sheet.rows].tolist())
        assert not placed & set(missing)
        assert all(short in " ".join(page.map.notes) for short in missing)
        if sheet.mark == "410105001001001":
            assert missing


# Labels ---------------------------------------------------------------------------------------------------------------


VIEW = View(Box(100, 100, 400, 400), 0, 0, 2000)


def paper_box(label) -> shapely.Polygon:  # noqa: ANN001
    """Where a label stands [pt]."""
    wide, high = size_of(label.lines)
    return shapely.box(label.x - wide / 2, label.y - high / 2, label.x + wide / 2, label.y + high / 2)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_labels_are_inside_their_zone_and_never_on_one_another(seed: int) -> None:
    points = shapely.multipoints(np.random.default_rng(seed).uniform(0, 280, (25, 2)))
    zones = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(0, 0, 280, 280)))
    wanted = [Wanted(((("001-01", 11.0), ("62户", 7.0)), (("001-01", 6.0),)), zone) for zone in zones]
    placed = place_inside(wanted, VIEW, Taken())
    boxes = [paper_box(label) for label in placed if label]
    assert boxes
    for label, zone in zip(placed, zones, strict=True):
        if label is not None:
            on_paper = shapely.transform(zone, lambda p: p * VIEW.metre + 100)
            assert on_paper.contains(paper_box(label))
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_zone_shaped_like_a_ring_bears_its_label_on_land() -> None:
    ring = shapely.box(20, 20, 260, 260).difference(shapely.box(70, 70, 210, 210))
    (label,) = place_inside([Wanted(((("001", 11.0),),), ring)], VIEW, Taken())
    assert shapely.transform(ring, lambda p: p * VIEW.metre + 100).contains(paper_box(label))


def test_a_zone_out_of_view_or_too_small_has_no_label() -> None:
    wanted = [Wanted(((("001", 6.0),),), shape) for shape in (shapely.box(900, 900, 990, 990), shapely.box(1, 1, 2, 2))]
    assert place_inside(wanted, VIEW, Taken()) == [None, None]


@pytest.mark.parametrize(("x", "y"), [(200, 200), (-200, 200), (0, 200), (200, 0)])
def test_street_names_run_along_the_street_and_are_never_upside_down(x: float, y: float) -> None:
    line = shapely.LineString([(140 - x / 2, 140 - y / 2), (140 + x / 2, 140 + y / 2)])
    label = place_along("文化路", np.array([line]), VIEW, Taken())
    assert -90 <= label.angle <= 90
    assert abs(np.tan(np.radians(label.angle)) * x - y) < 1e-6 or x == 0


def test_a_street_shorter_than_its_name_or_crooked_has_none() -> None:
    crooked = shapely.LineString([(50 + 4 * i, 50 + 12 * (i % 2)) for i in range(40)])
    assert place_along("文化路", np.array([shapely.LineString([(50, 50), (55, 50)])]), VIEW, Taken()) is None
    assert place_along("很长很长的一条文化路", np.array([crooked]), VIEW, Taken()) is None


# Text, tables, scale --------------------------------------------------------------------------------------------------


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


def test_a_table_is_cut_without_loss() -> None:
    table = Table(("a",), tuple((str(i),) for i in range(10)), (False,), tuple(map(str, range(10))))
    first, rest = cut(table, 4)
    assert (*first.rows, *rest.rows) == table.rows
    assert (*first.marks, *rest.marks) == table.marks
    assert capacity(table, Box(0, 0, 10, 5)) == (1, 0)


@settings(max_examples=50, deadline=None)
@given(scale=st.floats(1, 5e6))
def test_scales_are_rounded_up_to_few_figures(scale: float) -> None:
    found = round_up(scale)
    assert scale <= found + 1e-6
    assert found <= max(100, scale) * 1.34
    assert len(str(found).rstrip("0")) <= 2


@settings(max_examples=30, deadline=None)
@given(west=st.floats(-1e5, 1e6), south=st.floats(-1e5, 4e6), wide=st.floats(10, 2e4), high=st.floats(10, 2e4))
def test_a_view_shows_everything(west: float, south: float, wide: float, high: float) -> None:
    view = fit((west, south, west + wide, south + high), Box(50, 60, 400, 500))
    assert view.window.buffer(0.01).contains(shapely.box(west, south, west + wide, south + high))
    assert 10 < bar_length(view) * view.metre <= 32 * MM + 1e-6


def test_bold_text_does_not_leak_into_the_next() -> None:
    pen = Pen("t")
    pen.page((300, 300), "m", "")
    pen.text((10, 10), "甲", 10, bold=True)
    pen.text((10, 30), "乙", 10)
    import io

    content = pypdf.PdfReader(io.BytesIO(pen.pdf())).pages[0].get_contents().get_data().decode("latin-1")
    assert content.count("2 Tr") == 1
    between = content[content.index("2 Tr") : content.rindex("BT")]
    assert re.search(r"^Q$", between, re.MULTILINE), "the state is put back before the next text"


def test_the_settings_of_the_pdf_library_are_left_as_they_were(tmp_path: Path) -> None:
    from reportlab import rl_config

    before = rl_config.useA85
    path = print_plan(tmp_path, make_plan())
    assert rl_config.useA85 == before
    assert b"ASCII85" not in path.read_bytes()
