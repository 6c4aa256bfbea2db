"""What stands where in the sample community, on paper: x to the east, y to the north, in metres, streets straight.

The place is fictional. It was planned from the inside: 58 patches of land with 52-68 households each, which are the
micro-grids of the drawn division, and two institutions. `paper` turns the town and gives it its bends.
"""

from __future__ import annotations

from typing import NamedTuple

Point = tuple[float, float]
Box = tuple[float, float, float, float]

COMMUNITY = "410102013190"
NAME = "兰溪社区"

BORDER: tuple[Point, ...] = (
    *((0, 0), (1035, 0), (1035, 240), (1105, 252), (1100, 590), (1000, 600)),
    *((900, 625), (790, 690), (700, 800), (0, 800)),
)
CANAL: tuple[Point, ...] = ((0, 640), (150, 650), (330, 668), (540, 705), (640, 755), (680, 800))
STREAM: tuple[Point, ...] = ((988, 574), (880, 585), (780, 598), (720, 610), (650, 645), (605, 690), (591, 730.5))
RAILWAY: tuple[Point, ...] = ((1000, 0), (1000, 600))
YARD: Box = (975, 0, 1035, 240)
"""Railway land on both sides of the line."""


class Patch(NamedTuple):
    """Land of one micro-grid: a box, less what lies beyond the canal or the railway."""

    grid: str
    """Key of `GRIDS`, or of `INSTITUTIONS`."""
    box: Box
    households: int
    """Of its slabs and houses together; towers stand in a table of their own."""
    slabs: str = ""
    """Rows from north to south, in each the entrances of the six-storey slabs from west to east: ``2 3/2``."""
    houses: tuple[int, int] | None = None
    """Columns and rows of old houses around small courts."""
    area: Box | None = None
    """Where to build; the box if left out."""
    side: str = "main"
    """Of canal and railway: main, north, east."""
    moved: tuple[tuple[int, float, float], ...] = ()
    """Houses that stand elsewhere than in their row: which, and by how much [m]."""


GRIDS = {
    "a": "锦和苑",
    "b": "永安老街",
    "c": "云岭府",
    "d": "纺织厂家属院",
    "e": "铁路新村",
    "f": "天悦府",
    "g": "建新小区",
    "h": "杏园",
    "i": "书香苑",
    "j": "北堤花园",
    "k": "祥和小区",
}
"""Grids of the drawn division."""

PATCHES = (
    Patch("a", (0, 0, 73, 150), 62, slabs="3/3"),
    Patch("a", (73, 0, 146, 150), 63, slabs="2/2/2"),
    Patch("a", (146, 0, 219, 150), 61, slabs="3/3"),
    Patch("a", (219, 0, 292, 150), 64, slabs="4/2"),
    Patch("a", (292, 0, 365, 150), 62, slabs="2/2/2"),
    Patch("b", (0, 150, 95, 290), 55, houses=(4, 4)),
    Patch("b", (95, 150, 190, 290), 53, houses=(4, 4), moved=((12, 9.6, -0.6),)),
    Patch("b", (190, 150, 278, 290), 56, houses=(4, 4)),
    Patch("b", (278, 150, 365, 290), 54, houses=(4, 4)),
    Patch("b", (365, 150, 452, 290), 53, houses=(4, 4)),
    Patch("b", (452, 150, 540, 290), 57, slabs="3/2", area=(452, 150, 518, 290)),
    Patch("c", (0, 290, 95, 400), 63, slabs="3/3"),
    Patch("c", (95, 290, 190, 400), 62, slabs="4/2"),
    Patch("c", (190, 290, 278, 400), 0),
    Patch("c", (278, 290, 365, 400), 0),
    Patch("c", (365, 290, 540, 400), 64, slabs="3/3", area=(365, 290, 440, 400)),
    Patch("d", (540, 0, 690, 120), 63, slabs="3/3", area=(618, 0, 690, 120)),
    Patch("d", (690, 0, 770, 120), 61, slabs="2/2/2"),
    Patch("d", (770, 0, 850, 120), 62, slabs="3/3"),
    Patch("d", (850, 0, 912, 120), 62, houses=(3, 5)),
    Patch("d", (912, 0, 1000, 120), 64, houses=(3, 5), area=(912, 0, 972, 120)),
    Patch("e", (540, 120, 615, 255), 54, slabs="3/2"),
    Patch("e", (615, 120, 690, 255), 55, slabs="2/3"),
    Patch("e", (690, 120, 770, 255), 54, slabs="3/2"),
    Patch("e", (770, 120, 850, 255), 56, slabs="2/3"),
    Patch("e", (850, 120, 912, 255), 55, slabs="3/2"),
    Patch("e", (912, 120, 1000, 255), 56, slabs="3/2", area=(912, 120, 972, 255)),
    Patch("f", (540, 255, 590, 400), 0),
    Patch("f", (590, 255, 640, 400), 0),
    Patch("f", (640, 255, 690, 400), 63, slabs="2/2/2", area=(640, 255, 682, 400)),
    Patch("f", (690, 255, 770, 400), 12, slabs="1", area=(700, 270, 745, 310)),
    Patch("f", (770, 255, 850, 400), 11, slabs="1", area=(795, 270, 840, 310)),
    Patch("g", (850, 255, 925, 400), 62, slabs="3/3"),
    Patch("g", (925, 255, 1000, 400), 63, slabs="3/3", area=(925, 255, 986, 400)),
    Patch("g", (1000, 0, 1105, 400), 61, slabs="2/2/2", area=(1006, 246, 1050, 392), side="east"),
    Patch("g", (1000, 400, 1055, 610), 63, houses=(2, 8), area=(1004, 404, 1052, 588), side="east"),
    Patch(
        "g", (1055, 400, 1105, 610), 62, houses=(2, 8), area=(1058, 404, 1098, 582), side="east", moved=((6, 10, 0),)
    ),
    Patch("h", (0, 400, 75, 520), 63, slabs="3/3"),
    Patch("h", (75, 400, 150, 520), 62, slabs="2/2/2"),
    Patch("h", (0, 520, 150, 655), 61, slabs="3/3", area=(75, 520, 150, 640)),
    Patch("h", (150, 520, 240, 670), 62, slabs="4/2", area=(150, 520, 240, 640)),
    Patch("h", (240, 520, 330, 670), 64, slabs="3/3", area=(240, 520, 330, 640)),
    Patch("i", (150, 400, 240, 520), 62, slabs="3/3"),
    Patch("i", (240, 400, 330, 520), 63, slabs="2/2/2"),
    Patch("i", (330, 400, 400, 520), 62, slabs="3/3"),
    Patch("i", (400, 400, 470, 520), 0),
    Patch("i", (470, 400, 540, 520), 0),
    Patch("j", (0, 600, 75, 800), 0, side="north"),
    Patch("j", (75, 600, 150, 800), 0, side="north"),
    Patch("j", (150, 600, 270, 800), 63, slabs="2 2/3", area=(158, 684, 262, 794), side="north"),
    Patch("j", (270, 600, 400, 800), 62, slabs="3 3", area=(276, 706, 394, 794), side="north"),
    Patch("j", (400, 600, 700, 800), 62, slabs="3 3", area=(408, 738, 530, 796), side="north"),
    Patch("k", (540, 400, 800, 520), 55, slabs="3/2", area=(726, 400, 800, 520)),
    Patch("k", (800, 400, 880, 520), 54, slabs="2/3"),
    Patch("k", (880, 400, 940, 520), 0),
    Patch("k", (940, 400, 1000, 520), 0),
    Patch("k", (540, 520, 720, 810), 56, slabs="3 2", area=(590, 522, 716, 580)),
    Patch("k", (720, 520, 1000, 810), 55, slabs="3 2/4", area=(726, 524, 872, 586)),
    Patch("school", (365, 0, 540, 150), 0),
    Patch("park", (330, 520, 540, 710), 0),
)


class Institution(NamedTuple):
    """A place that is a dedicated grid; its grounds are its patch."""

    name: str
    kind: str


INSTITUTIONS = {"school": Institution("兰溪路小学", "school"), "park": Institution("翠湖公园", "park")}


class Tower(NamedTuple):
    """The first building of an estate: high, with two entrances, the western one first."""

    estate: str
    middle: Point
    levels: int
    households: tuple[int, int]
    counted: bool
    """Whether the figure of each entrance is in `unit_households`."""


TOWERS = (
    Tower("云岭府", (278, 348), 30, (61, 59), True),
    Tower("天悦府", (590, 330), 32, (64, 64), False),
    Tower("桂香园", (770, 348), 24, (48, 48), False),
    Tower("明德公馆", (470, 458), 33, (67, 65), True),
    Tower("云水湾", (75, 745), 31, (62, 62), False),
    Tower("清河湾", (940, 458), 27, (53, 55), True),
)


class Work(NamedTuple):
    """A building in which nobody lives."""

    name: str
    middle: Point
    size: Point
    levels: int
    shape: str = "I"


WORKS = (
    Work("兰溪路小学教学楼", (425, 95), (70, 52), 4, "L"),
    Work("兰溪路小学体育馆", (500, 110), (36, 26), 2),
    Work("兰溪路小学食堂", (500, 40), (30, 18), 2),
    Work("翠湖公园管理房", (352, 545), (18, 9), 1),
    Work("翠湖公园水榭", (505, 560), (12, 12), 1),
    *(
        Work(f"兰溪大道{number}号商铺", (528, y), (12, 17), 2)
        for number, y in zip(range(21, 31, 2), range(166, 286, 25), strict=True)
    ),
    Work("书院农贸市场", (482, 345), (66, 44), 2),
    Work("纺织厂一车间", (578, 80), (56, 34), 1),
    Work("纺织厂二车间", (578, 34), (56, 28), 1),
    Work("兰溪百货", (602, 460), (86, 62), 5, "U"),
    Work("兰溪百货地铁小品店", (570, 460), (8, 8), 1),
    Work("明德路32号", (682, 432), (42, 18), 6),
    Work("杏园幼儿园", (36, 555), (38, 30), 3, "L"),
    Work("北堤泵站", (590, 770), (14, 10), 1),
    Work("滨河变电所", (935, 548), (24, 16), 1),
    Work("铁东便民服务站", (1078, 388), (16, 10), 2),
)


UNCOUNTED = Work("杏园小区老职工楼", (40, 606), (30, 12), 5)
"""A building whose households nobody counted."""

OLD_STREETS = {"b": "永安街", "d": "铁路西巷", "g": "铁东街"}
"""After which houses outside any estate are numbered, by grid."""


class Street(NamedTuple):
    """A street, or a piece of one."""

    name: str | None
    highway: str
    line: tuple[Point, ...]
    structure: str = ""
    """bridge, tunnel"""
    short: float = 0.0
    """By how much its last point misses the street that it should meet [m]."""


STREETS = (
    Street("云岭路", "secondary", ((0, 0), (0, 800))),
    Street("汇泉路", "secondary", ((0, 0), (1035, 0))),
    Street("兰溪大道", "primary", ((540, 0), (540, 690))),
    Street("兰溪大道", "primary", ((540, 690), (540, 722)), "bridge"),
    Street("兰溪大道", "primary", ((540, 722), (540, 812))),
    Street("明德路", "secondary", ((0, 400), (540, 400), (984, 400))),
    Street("明德路", "secondary", ((984, 400), (1016, 400)), "tunnel"),
    Street("明德路", "secondary", ((1016, 400), (1112, 400))),
    Street("永安街", "residential", ((0, 150), (540, 150))),
    Street("书院街", "residential", ((0, 290), (540, 290))),
    Street("槐荫街", "residential", ((190, 150), (190, 400))),
    Street("织造街", "residential", ((365, 0), (365, 400))),
    Street("桂香街", "residential", ((690, 0), (690, 400))),
    Street("铁路街", "residential", ((850, 0), (850, 400))),
    Street("丰收路", "residential", ((540, 120), (968, 120))),
    Street("建新街", "residential", ((988, 255), (540, 255)), short=0.08),
    Street("杏园街", "residential", ((150, 640), (150, 400)), short=0.04),
    Street("杏园街", "residential", ((150, 640), (150, 662)), "bridge"),
    Street("杏园街", "residential", ((150, 662), (150, 800))),
    Street("柳岸街", "residential", ((0, 520), (540, 520))),
    Street("书香街", "residential", ((330, 400), (330, 520))),
    Street("北堤街", "residential", ((0, 654), (150, 664), (330, 682), (540, 722))),
    Street("清河路", "residential", ((540, 520), (992, 520))),
    Street("祥和街", "residential", ((720, 602), (720, 400)), short=0.17),
    Street("祥和街", "residential", ((720, 602), (720, 618)), "bridge"),
    Street("祥和街", "residential", ((720, 618), (720, 690))),
    Street("梧桐街", "residential", ((880, 400), (880, 572))),
    Street("铁东街", "residential", ((1055, 248), (1055, 586))),
    Street("永安一巷", "living_street", ((0, 220), (190, 220))),
    Street("永安二巷", "living_street", ((190, 220), (334, 220))),
    Street("永安三巷", "living_street", ((365, 220), (452, 220), (452, 290))),
    Street("铁路西巷", "living_street", ((850, 72), (964, 72))),
    Street(None, "service", ((146, 150), (146, 14))),
    Street(None, "service", ((292, 0), (292, 136))),
    Street(None, "service", ((95, 400), (95, 304))),
    Street(None, "service", ((615, 255), (615, 134))),
    Street(None, "service", ((770, 255), (770, 134))),
    Street(None, "service", ((640, 255), (640, 386))),
    Street(None, "service", ((75, 520), (75, 414))),
    Street(None, "service", ((240, 520), (240, 636))),
    Street(None, "service", ((240, 400), (240, 520))),
    Street(None, "service", ((400, 400), (400, 508))),
    Street(None, "service", ((270, 676), (270, 790))),
)


class Compound(NamedTuple):
    """An estate under one name."""

    name: str
    grounds: tuple[Point, ...]
    gates: tuple[Point, ...] = ()
    """Middles of the openings in its wall; without any it has no wall."""


def _box(west: float, south: float, east: float, north: float) -> tuple[Point, ...]:
    return (west, south), (east, south), (east, north), (west, north)


COMPOUNDS = (
    Compound("锦和苑", _box(8, 8, 357, 142), ((146, 142), (292, 8), (8, 75))),
    Compound("杏林新村", _box(8, 298, 182, 392), ((95, 392), (8, 345))),
    Compound("云岭府", _box(198, 298, 357, 392), ((278, 392), (278, 298))),
    Compound("纺织厂家属院", _box(616, 8, 682, 112), ((650, 112),)),
    Compound("丰收小区", _box(698, 8, 842, 112)),
    Compound("铁路新村西院", _box(548, 128, 682, 247), ((615, 247), (548, 190))),
    Compound("铁路新村东院", _box(698, 128, 842, 247), ((770, 247), (842, 190))),
    Compound("天悦府", _box(548, 263, 682, 392), ((640, 263), (548, 330))),
    Compound("桂香园", _box(698, 263, 842, 392), ((770, 392), (770, 263))),
    Compound("建新小区", _box(858, 263, 988, 392)),
    Compound("杏园小区", _box(8, 408, 142, 512), ((75, 512), (142, 440))),
    Compound("柳岸人家", _box(158, 528, 322, 640), ((240, 528),)),
    Compound("书香苑", _box(158, 408, 322, 512), ((240, 408), (240, 512))),
    Compound("明德公馆", _box(338, 408, 531, 512), ((400, 408), (531, 458))),
    Compound("云水湾", ((8, 664), (142, 673), (142, 794), (8, 794)), ((75, 668.5), (142, 740))),
    Compound("北堤花园", ((158, 674), (330, 691), (531, 729), (531, 794), (158, 794)), ((270, 685), (158, 740))),
    Compound("祥和小区", _box(728, 408, 872, 512)),
    Compound("清河湾", _box(888, 408, 990, 512), ((940, 408), (940, 512))),
)

WATER: dict[str, tuple[Point, ...]] = {
    "翠湖": (
        (392, 575),
        (425, 556),
        (465, 562),
        (486, 585),
        (472, 604),
        (480, 626),
        (450, 648),
        (410, 640),
        (386, 612),
    ),
    "云水湾景观池": ((26, 690), (50, 686), (62, 698), (48, 712), (28, 706)),
}

LANDUSE: tuple[tuple[str, str, tuple[Point, ...]], ...] = (
    ("铁路货场", "railway", _box(*YARD)),
    ("纺织厂旧址", "industrial", _box(546, 6, 612, 114)),
    ("永安老街", "residential", _box(6, 156, 446, 284)),
    ("滨河绿地", "grass", ((725, 624), (790, 612), (885, 600), (960, 592), (895, 614), (790, 680), (725, 690))),
)
