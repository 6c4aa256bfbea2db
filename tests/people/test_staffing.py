"""Who answers for which zone: read from any spreadsheet, judged, and never shown."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.model import Plan, Roster, Staffing
from gridgeo.people import roster_sheet, staffed, vacancies

SECRETS = ("王小明", "13800000000", "李四光")


def roster_of(tmp_path: Path, rows: list[tuple[object, ...]], heads: str = "统一编码 职务 姓名 电话") -> Roster:
    path = tmp_path / "roster.csv"
    pd.DataFrame(rows, columns=heads.split()).to_csv(path, index=False, encoding="gb18030")
    return gg.read_roster(path)


def full(plan: Plan) -> list[tuple[object, ...]]:
    codes = [code for tier in plan.scheme.names for code in plan.zones(tier).index]
    return [
        (code, "网格长" if len(code) == 15 else "网格员", f"名{k}", f"1380000{k:04d}") for k, code in enumerate(codes)
    ]


def found(plan: Plan, roster: Roster, staffing: str | None = None) -> dict[str, int]:
    rules = gg.check(plan, roster=roster, staffing=staffing).findings["rule"]
    people = rules[rules.str.contains("person|role")]
    return {str(rule): int(n) for rule, n in people.value_counts().items()}


def test_a_full_roster_has_no_findings(plan: Plan, tmp_path: Path) -> None:
    roster = roster_of(tmp_path, full(plan))
    assert found(plan, roster) == {}
    assert found(plan, roster, "grid: 网格长 1; micro: 网格员 1") == {}
    figures = staffed(plan, roster)
    assert figures["share"].tolist() == [1, 1, 1]
    assert vacancies(plan, roster).empty


def test_each_fault_is_found_and_told_by_row_alone(plan: Plan, tmp_path: Path) -> None:
    rows = full(plan)
    micro = list(plan.zones("micro").index)
    broken = {
        "zone_without_person": rows[:-1],
        "person_unknown_zone": [*rows, ("410102013190999", "网格员", SECRETS[0], SECRETS[1])],
        "person_repeated": [*rows, rows[-1]],
        "role_count": [*rows, (micro[0], "网格员", SECRETS[2], "")],
    }
    staffing = "grid: chief 1; micro: member 1"
    for rule, table in broken.items():
        roster = roster_of(tmp_path, table)
        assert found(plan, roster, staffing) == {rule: 1}, rule
        told = "".join(gg.check(plan, roster=roster, staffing=staffing).findings["message"]) + repr(roster)
        assert not any(secret in told for secret in SECRETS)
    unbound = roster_of(tmp_path, [*rows, (None, "网格员", SECRETS[0], "")])
    assert found(plan, unbound) == {"person_unknown_zone": 1}
    assert staffed(plan, unbound).loc["all", "share"] == pytest.approx(len(rows) / (len(rows) + 1))


def test_one_person_may_have_a_few_zones(plan: Plan, tmp_path: Path) -> None:
    rows = full(plan)
    same: list[tuple[object, ...]] = [
        (code, role, "同一人", "1") if len(str(code)) == 17 else (code, role, name, phone)
        for code, role, name, phone in rows
    ]
    roster = roster_of(tmp_path, same)
    assert found(plan, roster) == {}
    judged = gg.check(plan, roster=roster, staffing=Staffing.parse("micro: 网格员 1", most=2))
    assert judged.findings["rule"].tolist().count("person_in_too_many") == 1


def test_a_vacant_zone_gets_the_neighbour_with_the_lightest_load(plan: Plan, tmp_path: Path) -> None:
    micro = plan.zones("micro")
    gone = micro.index[0]
    roster = roster_of(tmp_path, [row for row in full(plan) if row[0] != gone])
    table = vacancies(plan, roster)
    assert table.index.tolist() == [gone]
    shared = micro.geometry.intersection(micro.geometry[gone]).length
    beside = micro[(shared > 0.5) & (micro.index != gone)]
    assert table["neighbour"].iloc[0] == beside["households"].astype(float).idxmin()


def test_codes_may_be_written_with_dashes_and_not_as_rounded_numbers(plan: Plan, tmp_path: Path) -> None:
    code = plan.zones("micro").index[0]
    dashed = f"{code[:12]}-{code[12:15]}-{code[15:]}"
    roster = roster_of(tmp_path, [(dashed, "member", "a", ""), (f"{code[:15]}.0", "chief", "b", "")])
    assert roster.table["code"].tolist() == [code, code[:15]]
    assert roster.table["role"].tolist() == ["member", "chief"]
    with pytest.raises(InputError, match="row 3") as caught:
        roster_of(tmp_path, [(code, "member", "a", ""), ("4.10102013190003E+14", "member", SECRETS[0], "")])
    assert SECRETS[0] not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "heads", "says"),
    [
        ([], "统一编码 姓名", "no rows"),
        ([("1", "a")], "网格 电话", "no column 'name'"),
        ([("1", "a")], "职务 姓名", "no column 'code'"),
    ],
)
def test_what_is_no_roster_is_refused(rows: list[tuple[object, ...]], heads: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        roster_of(tmp_path, rows, heads)


def test_the_list_to_fill_in_is_read_again(plan: Plan, tmp_path: Path) -> None:
    sheet = roster_sheet(plan)
    assert sheet["统一编码"].tolist() == [code for tier in plan.scheme.names for code in plan.zones(tier).index]
    filled = sheet.assign(姓名=[f"甲{k}" for k in range(len(sheet))])
    path = tmp_path / "filled.xlsx"
    filled.to_excel(path, index=False)
    roster = gg.read_roster(path)
    assert found(plan, roster) == {}
    sheet.to_excel(path, index=False)
    assert len(gg.read_roster(path).vacant) == len(sheet)


def test_staffing_is_read_in_both_languages() -> None:
    assert Staffing.parse("grid：网格长 1、网格员 2；micro: member 1").wanted == {
        "grid": {"chief": 1, "member": 2},
        "micro": {"member": 1},
    }
    with pytest.raises(InputError, match="cannot read the staffing"):
        Staffing.parse("grid chief")
