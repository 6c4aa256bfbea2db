"""Printed sheets: pages, codes that can be searched, fonts, margins, the same bytes every time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pypdf
import pytest
import shapely

from gridgeo.errors import InputError, OutputError
from gridgeo.maps.pdf import atlas
from gridgeo.maps.pdf.map_view import round_up
from gridgeo.maps.pdf.pdf_font import width
from gridgeo.maps.pdf.pdf_pen import MM
from gridgeo.maps.pdf.prepared_plan import prepare
from gridgeo.maps.pdf.sheet_contents import sheets
from gridgeo.maps.pdf.sheet_drawing import legend
from gridgeo.maps.pdf.sheet_layout import map_pages, paper_size
from gridgeo.messages import Lang
from gridgeo.model import Plan, Report, Scheme, shown_zones
from tests.maps.printed_sheets import dictionary, make_report, pages_of, print_plan, with_layer
from tests.style.made_plan import EAST, NORTH, make_plan


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
    fonts: dict[str, Any] = {}
    for page in pypdf.PdfReader(print_plan(tmp_path, make_plan(), report=make_report())).pages:
        fonts |= {name: entry.get_object() for name, entry in dictionary(page, "/Resources")["/Font"].items()}
    assert fonts
    for entry in fonts.values():
        assert "NotoSansSC" in entry["/BaseFont"]
        assert "/FontFile2" in entry["/FontDescriptor"]
        assert "/ToUnicode" in entry


def test_nothing_is_a_picture(tmp_path: Path) -> None:
    for page in pypdf.PdfReader(print_plan(tmp_path, make_plan())).pages:
        assert "/XObject" not in dictionary(page, "/Resources")


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
        scale = int(re.findall(r"1:([\d,]+)", text)[0].replace(",", ""))
        assert round_up(scale) == scale
        assert re.search(r"\d+ m\b", text)


def test_the_same_plan_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from tests.style.made_plan import make_plan; from tests.maps.printed_sheets import make_report\n"
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
def test_the_words_of_the_legend_fit_into_two_columns(lang: Lang) -> None:
    report = make_report()
    prepared = prepare(shown_zones(make_plan()), report, lang)
    for sheet in sheets(prepared):
        drawn = next(map_pages(sheet, prepared, paper_size("A4"))).map
        assert drawn is not None
        first, *others = legend(drawn, prepared)
        assert 20 + width(first.text, 7) < drawn.legend_box.width
        assert all(20 + width(item.text, 7) < drawn.legend_box.width / 2 for item in others)
        assert len(others) / 2 * 10.5 < drawn.legend_box.height - 60
    words = [prepared.say(f"role_{role}") for role in ("compounds", "barriers", "waterways", "railways", "communities")]
    assert max(width(text, 7) for text in words) < 53


def test_bookmarks_and_links_lead_to_the_sheets(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(print_plan(tmp_path, make_plan()))
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)][1] == "文化路第1社区 三级网格 001"
    assert len(dictionary(reader.pages[0], "/Annots")) == 3


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
    prepared = prepare(shown_zones(plan), None, "zh")
    for sheet in sheets(prepared):
        drawn = next(map_pages(sheet, prepared, paper_size("A4"))).map
        assert drawn is not None
        missing = drawn.labels.missing
        placed = {label.lines[0][0] for label in drawn.labels.zones}
        assert placed | set(missing) == set(sheet.inner.labels[sheet.rows].tolist())
        assert not placed & set(missing)
        assert all(short in " ".join(drawn.notes) for short in missing)
        if sheet.mark == "410105001001001":
            assert missing
