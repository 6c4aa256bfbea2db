"""The page asks nobody for anything, runs nothing that a resident typed, and is always the same."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import folium
import pandas as pd
import pytest

import gridgeo.maps.web
from gridgeo.errors import InputError
from gridgeo.maps.web import explore, page_html
from gridgeo.maps.web.safe_text import esc
from gridgeo.model import Plan, Report, Site
from tests.maps.web_pages import PAYLOADS, make_report
from tests.style.made_plan import make_plan


def test_it_is_a_folium_map_without_tiles() -> None:
    found = explore(make_plan())
    assert isinstance(found, folium.Map)
    assert not any(isinstance(child, folium.TileLayer) for child in found._children.values())


def test_no_host_is_named() -> None:
    html = page_html(explore(make_plan(), make_report()))
    assert "http:" not in html.replace('"http:"', "")
    assert "https" not in html
    assert not re.search(r"<(script|img|link|iframe)[^>]+(src|href)=", html)
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert not re.search(r"@import|url\((?!data:)", styles)
    assert "url(data:" in styles


def test_the_policy_lets_only_the_scripts_of_the_page_run() -> None:
    html = page_html(explore(make_plan()))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == digests


def test_tiles_of_an_office_are_the_only_host_that_is_asked() -> None:
    html = page_html(explore(make_plan(), tiles="https://{s}.maps.office.cn/{z}/{x}/{y}.png"))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert "img-src data: https://*.maps.office.cn;" in policy
    assert policy.startswith("default-src 'none'")
    assert page_html(explore(make_plan(), tiles="https://{s}.maps.office.cn/{z}/{x}/{y}.png")) == html


@pytest.mark.parametrize(
    "address", ["maps/{z}/{x}/{y}.png", "https://maps.cn/tiles.png", "https://a.cn;script-src */{z}/{x}/{y}"]
)
def test_what_is_no_address_of_tiles_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r"\{z\}"):
        explore(make_plan(), tiles=address)


def test_what_a_user_adds_is_the_users() -> None:
    found = explore(make_plan())
    folium.Marker([34.68, 114.0], popup="here").add_to(found)
    folium.FeatureGroup(name="mine").add_to(found)
    html = page_html(found)
    assert "Content-Security-Policy" not in html
    assert html.index('"mine"') > html.index("L.featureGroup(")
    assert html.index("gridgeo.finish(") > html.index("L.marker(")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_gets_in_as_it_is(payload: str) -> None:
    plan = make_plan(names={"b000000": payload, "community0": payload, "i1": payload, "s1": payload, "r1": payload})
    html = page_html(explore(plan, make_report(payload)))
    assert payload not in html
    assert esc(payload) in html


def test_the_same_plan_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "import hashlib; from tests.style.made_plan import make_plan; from tests.maps.web_pages import make_report\n"
        "from gridgeo.maps.web import explore, page_html\n"
        "print(hashlib.sha256(page_html(explore(make_plan(), make_report())).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=environment | {"PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop()) == 65


def test_a_map_can_be_rendered_twice() -> None:
    found = explore(make_plan(), make_report())
    assert page_html(found) == page_html(found)


def test_rows_in_another_order_give_the_same_bytes() -> None:
    plan = make_plan()
    shuffled = Plan(plan.site, plan.cells.sample(frac=1, random_state=2), plan.scheme, plan.registry)
    assert page_html(explore(shuffled)) == page_html(explore(plan))


def test_only_declared_columns_leave_the_plan() -> None:
    plan = make_plan()
    site = dict(plan.site.layers)
    for role in ("buildings", "streets", "communities", "institutions", "water"):
        site[role] = site[role].assign(phone="13800001234", chief="张三丰")
    cells = plan.cells.assign(note="SECRETNOTE")
    secret = Plan(
        Site(site, plan.site.unit_households, plan.site.account),
        cells,
        plan.scheme,
        plan.registry,
        manifest={"host": "SECRETHOST"},
    )
    report = make_report()
    report = Report(report.findings.assign(witness="SECRETWITNESS"))
    html = page_html(explore(secret, report))
    assert html == page_html(explore(plan, make_report()))
    assert not any(word in html for word in ("13800001234", "张三丰", "SECRET", "secret_measure"))


def test_the_legend_counts() -> None:
    html = page_html(explore(make_plan(), make_report()))
    for text in (
        "文化路第1社区 网格地图",
        "三级网格 3 (其中专属 1 个)",
        "微网格 10",
        "169 户",
        "9 栋楼",
        "1 栋（单元）户数不详",
        "未做到全覆盖、无重叠：错误 2 处",
    ):
        assert text in html


def test_english() -> None:
    html = page_html(explore(make_plan(), make_report(), lang="en"))
    assert "169 households" in html
    assert "三级网格" not in html
    assert "micro-grid 10" in html


def test_several_communities_and_many_names() -> None:
    html = page_html(explore(make_plan(columns=8, communities=2)))
    assert "文化路第1社区、文化路第2社区 网格地图" in html


def test_explore_leaves_the_plan_alone() -> None:
    plan = make_plan()
    before = plan.cells.copy(), plan.buildings.copy()
    explore(plan, make_report())
    pd.testing.assert_frame_equal(pd.DataFrame(plan.cells), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(pd.DataFrame(plan.buildings), pd.DataFrame(before[1]))


def test_leaflet_is_the_version_that_was_looked_at_and_bears_its_licence() -> None:
    folder = Path(gridgeo.maps.web.__file__).parent / "leaflet"
    digest = hashlib.sha256((folder / "leaflet.js").read_bytes()).hexdigest()
    assert digest == "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
    assert "BSD 2-Clause" in (folder / "LICENSE.txt").read_text()
    assert "Redistributions in binary form" in page_html(explore(make_plan()))


def test_a_page_is_lean() -> None:
    assert len(page_html(explore(make_plan())).encode()) < 270_000


def test_it_shows_in_a_notebook() -> None:
    assert explore(make_plan())._repr_html_().startswith("<div")
