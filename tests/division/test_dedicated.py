"""Institutions: which land they take, that their zones stay dedicated, and that what they do not get is told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.division import with_institutions
from gridgeo.files.reading import explain
from gridgeo.messages import LANGS
from gridgeo.model import Plan, Scheme, Site, Tier
from tests.conftest import COMMUNITY, EAST, NORTH, box, make_site, with_columns
from tests.made import assert_sound

divide = partial(gg.divide, effort="fast")
SCHEME = Scheme((Tier("grid", 100, 200, 150, width=3), Tier("micro", 20, 50, 35)))
HOMES = {f"h{k}": (box(10 + 40 * k, 110, 30 + 40 * k, 130), 30) for k in range(5)}
"""150 households along a street north of y = 100, in a community of 200 m by 200 m."""
STREET = shapely.LineString([(EAST - 5, NORTH + 100), (EAST + 205, NORTH + 100)])


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(EAST + x, NORTH + y)


def layer(role: str, shapes: Mapping[str, shapely.Geometry], **columns: object) -> gpd.GeoDataFrame:
    table = pd.DataFrame(columns, index=pd.Index(list(shapes), dtype="str", name="id"))
    return gpd.GeoDataFrame(with_columns(table, role), geometry=list(shapes.values()), crs="EPSG:4547")


def town(
    institutions: Mapping[str, shapely.Geometry],
    more: Mapping[str, tuple[shapely.Geometry, int]] | None = None,
    **layers: gpd.GeoDataFrame,
) -> Site:
    """Homes in the north, a street, and in the south these institutions and other buildings."""
    site = make_site({**HOMES, **(more or {})}, box(0, 0, 200, 200))
    made = {"streets": layer("streets", {"s": STREET}, highway=["residential"])}
    made["institutions"] = layer("institutions", institutions)
    return Site({**site.layers, **made, **layers}, site.unit_households, site.account)


def dedicated(plan: Plan) -> dict[str, int]:
    """Households of each dedicated zone of the coarser tier, by number."""
    zones = plan.zones("grid").query("kind == 'dedicated'")
    return dict(zip(zones.index.str[12:], zones["households"], strict=True))


def told(plan: Plan, reason: str) -> list[str]:
    return plan.notes.loc[plan.notes["reason"] == reason, "en"].tolist()


def lines(site: Site) -> dict[tuple[str, str], tuple[str, str]]:
    """Reason and detail of the account's lines about institutions, by layer and id."""
    account = site.account[site.account["reason"].str.startswith("institution_").fillna(value=False)]
    assert all(explain(reason).render(lang) for reason in account["reason"] for lang in LANGS)
    assert account["rows"].sum() == 0
    rows = account[["layer", "id", "reason", "detail"]].astype("object").fillna("").itertuples(index=False)
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def test_an_empty_strip_behind_a_park_is_attached_and_the_park_stays_dedicated() -> None:
    plan = divide(town({"park": box(0, 20, 200, 100)}), SCHEME)
    assert_sound(plan)
    assert dedicated(plan) == {"901": 0}
    assert plan.zones("grid").loc[COMMUNITY + "901"].area_m2 == pytest.approx(200 * 100)
    assert not len(told(plan, "size_pocket"))
    # The zone is kept as it is when the rest is divided anew, by its code of either tier.
    for code in (COMMUNITY + "901", COMMUNITY + "90100"):
        again = divide(plan.site, SCHEME, cells=plan.cells, keep=[code], seed=2)
        assert (
            again.zones("grid")
            .loc[COMMUNITY + "901"]
            .geometry.equals(plan.zones("grid").loc[COMMUNITY + "901"].geometry)
        )


@pytest.mark.parametrize("households", [8, 40])
def test_homes_behind_a_park_are_a_zone_of_their_own_if_they_are_enough(households: int) -> None:
    plan = divide(town({"park": box(0, 20, 200, 100)}, {"x": (box(50, 5, 70, 15), households)}), SCHEME)
    assert_sound(plan)
    if households < SCHEME.finest.low:
        assert dedicated(plan) == {"901": households}
        (text,) = told(plan, "pocket_dedicated")
        assert text.startswith("The land around buildings x has 8 households")
        assert f"park, so it was added to its dedicated zone {COMMUNITY}90100" in text
    else:
        assert dedicated(plan) == {"901": 0}
        assert not told(plan, "pocket_dedicated")
        (text,) = told(plan, "size_pocket")
        assert "is enclosed by park and has 40 in all" in text


def test_a_community_of_a_park_and_empty_land_is_one_dedicated_zone() -> None:
    site = make_site({"p": (box(90, 50, 95, 55), 0)}, box(0, 0, 200, 200))
    park = layer("institutions", {"park": box(0, 20, 200, 100)})
    plan = divide(Site({**site.layers, "institutions": park}, site.unit_households, site.account), SCHEME)
    assert_sound(plan)
    assert plan.zones("grid").index.tolist() == [COMMUNITY + "901"]


def test_each_pocket_joined_over_a_barrier_or_through_water_is_told_once() -> None:
    homes = {"a": (box(10, 10, 30, 30), 80), "b": (box(10, 160, 30, 180), 80)}
    site = make_site(homes, box(0, 0, 200, 200))
    water = layer("water", {"w": box(-5, 90, 205, 110)})
    plan = divide(Site({**site.layers, "water": water}, site.unit_households, site.account), SCHEME)
    assert_sound(plan)
    assert plan.zones("grid")["households"].tolist() == [160]
    texts = told(plan, "pocket_joined")
    assert [text.split(" is cut")[0] for text in sorted(texts)] == [f"The land around building {name}" for name in "ab"]


def test_a_pocket_joined_through_empty_land_is_told_once() -> None:
    """Three banks: homes, an empty one, homes; railways between them."""
    homes = {"a": (box(10, 10, 30, 30), 50), "b": (box(10, 160, 30, 180), 150)}
    site = make_site(homes, box(0, 0, 200, 200))
    rails = {str(y): shapely.LineString([(EAST - 5, NORTH + y), (EAST + 205, NORTH + y)]) for y in (60, 110)}
    tracks = layer("railways", rails, railway=["rail"] * 2)
    plan = divide(Site({**site.layers, "railways": tracks}, site.unit_households, site.account), SCHEME)
    assert [text.split(" is cut")[0] for text in told(plan, "pocket_joined")] == ["The land around building a"]


def test_every_institution_has_a_zone_or_a_line_that_says_why_not() -> None:
    more = {
        "kiosk": (box(20, 20, 30, 30), 0),
        "flats": (box(120, 20, 140, 40), 30),
        "depot": (box(60, 60, 80, 80), 0),
    }
    shapes = {
        "a_open": point(40, 25),
        "b_same": point(22, 22),
        "c_homes": point(130, 55),
        "d_far": point(900, 900),
        "e_far": box(900, 900, 910, 910),
        "f_field": box(150, 60, 190, 90),
        "g_twin": box(150, 60, 190, 90),
        "h_inner": box(160, 70, 170, 80),
        "i_crumb": box(100, 90, 100.0002, 90.0002),
        "j_over": box(185, 0, 215, 20),
        "k_in": box(61, 61, 63, 63),
    }
    site = town(shapes, more)
    plan = divide(site, SCHEME)
    assert_sound(plan)
    assert set(plan.cells["institution"].dropna()) == {"b_same", "f_field", "h_inner", "j_over"}
    found = lines(plan.site)
    assert found.pop(("institutions", "c_homes")) == ("institution_homes", "flats: 30")
    assert {key[1]: line for key, line in found.items()} == {
        "a_open": ("institution_taken", "b_same"),
        "d_far": ("institution_outside", ""),
        "e_far": ("institution_outside", ""),
        "f_field": ("institution_part", "92%; h_inner 8%"),
        "g_twin": ("institution_taken", "f_field; h_inner"),
        "i_crumb": ("institution_small", ""),
        "j_over": ("institution_part", "50%"),
        "k_in": ("institution_in_building", "depot"),
    }
    (text,) = told(plan, "institutions_without_land")
    assert "3 institutions" in text
    assert "c_homes, i_crumb, k_in" in text


def test_a_point_takes_open_land_where_nobody_lives() -> None:
    site = town({"school": point(100, 50)})
    plan = divide(site, SCHEME)
    assert dedicated(plan) == {"901": 0}
    assert lines(plan.site) == {}
    # In a compound with homes the cell of a building without any.
    more = {"hall": (box(20, 20, 40, 40), 0), "flats": (box(120, 20, 140, 40), 30)}
    compounds = layer("compounds", {"c": box(0, 0, 200, 99)})
    plan = divide(town({"school": point(45, 30)}, more, compounds=compounds), SCHEME)
    assert plan.cells.index[plan.cells["institution"] == "school"].tolist() == ["hall"]


def test_the_account_names_the_layer_from_which_an_institution_was_picked() -> None:
    pois = layer(
        "pois",
        {"1": point(130, 30), "2": point(40, 25), "3": point(42, 25)},
        **{"class": ["school", "park", "park"]},
    )
    landuse = layer("landuse", {"7": box(20, 10, 60, 60)}, **{"class": ["park"]})
    site = town(
        {}, {"flats": (box(120, 20, 140, 40), 30), "shop": (box(122, 45, 140, 60), 2)}, pois=pois, landuse=landuse
    )
    site = with_institutions(site, ["school", "park"])
    assert lines(with_institutions(site, ["school", "park"])) == lines(site)
    plan = divide(site, SCHEME)
    assert lines(plan.site) == {
        ("pois", "2"): ("institution_same", "landuse:7"),
        ("pois", "3"): ("institution_same", "landuse:7"),
    }
    assert dedicated(plan) == {"901": 0, "902": 30}
    (text,) = told(plan, "dedicated_homes")
    assert "(pois:1) contains 30 households (buildings flats)" in text


def test_a_footprint_on_an_outline_is_told_with_both_shares() -> None:
    plan = divide(town({"school": box(0, 0, 100, 90)}, {"flats": (box(95, 20, 115, 40), 30)}), SCHEME)
    assert lines(plan.site)["buildings", "flats"] == ("institution_footprint", "school 25%; 75%")
    plan = divide(town({"school": box(0, 0, 110, 90)}, {"flats": (box(95, 20, 115, 40), 30)}), SCHEME)
    assert lines(plan.site)["buildings", "flats"] == ("institution_footprint", "school 75%; 25%")
    assert dedicated(plan) == {"901": 30}
    assert len(told(plan, "dedicated_homes")) == 1


@pytest.mark.parametrize(
    ("shape", "units", "advice"),
    [
        (point(50, 50), 4, "given as a point cannot be cut: provide its footprint"),
        (box(40, 40, 60, 60), None, "Enter their number of entrances in the column units"),
        (box(40, 40, 60, 60), 2, "enter the floors in the column levels"),
    ],
)
def test_advice_for_large_buildings_fits_what_is_missing(
    shape: shapely.Geometry, units: int | None, advice: str
) -> None:
    site = make_site({**HOMES, "tower": (shape, 240)}, box(0, 0, 200, 200))
    site.buildings.loc["tower", "units"] = units
    plan = divide(site, SCHEME, split_large=units == 4)
    texts = told(plan, "size_building")
    assert texts
    assert all(advice in text for text in texts)


def test_given_zones_hold_what_their_table_says_and_dedicated_ones_have_no_limits() -> None:
    more = {"flats": (box(20, 20, 40, 40), 60), "dorm": (box(120, 20, 140, 40), 90)}
    site = town({"school": box(110, 10, 150, 60)}, more)
    codes = [COMMUNITY + "001", COMMUNITY + "901"]
    land = [box(0, 100, 200, 200).union(box(100, 0, 200, 100)), box(0, 0, 100, 100)]
    given = gpd.GeoDataFrame({"code": codes}, geometry=land, crs=site.crs)
    plan = divide(site, SCHEME, within=given)
    assert plan.zones("grid")["households"].tolist() == [240, 60]
    notes = plan.notes[plan.notes["reason"].str.startswith("size_")]
    assert notes["code"].tolist() == [COMMUNITY + "001"]
    assert notes["en"].iloc[0].startswith("The given zone has 240 households")
    assert not any("search longer" in text for text in plan.notes["en"])


def test_dedicated_zones_in_a_coarse_zone_count_there_and_explain_what_is_too_much() -> None:
    scheme = Scheme((Tier("area", 100, 200, 150), Tier("grid", 100, 200, 150), Tier("micro", 20, 50, 35)))
    more = {"flats": (box(20, 20, 40, 40), 40), "dorm": (box(120, 20, 140, 40), 90)}
    plan = divide(town({"school": box(110, 0, 200, 100)}, more), scheme)
    assert plan.zones("area")["households"].tolist() == [280]
    (text,) = told(plan, "size_dedicated")
    assert text.startswith("280 households, not within 100-200: 90 of them are in dedicated zones")
