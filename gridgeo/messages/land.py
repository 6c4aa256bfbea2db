"""Texts of land: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "land_none": (
        "社区范围内没有可划分的土地：社区面在 1 毫米精度下没有面积；请检查社区图层的坐标和单位",
        "there is no land to divide: the communities have no area at a precision of 1 mm; check the coordinates and units of "
        "the communities layer",
    ),
    "land_not_closed": (
        "在 ({x}, {y}) 附近有一条轮廓线未能闭合，无法划分土地；请检查该处重叠或极窄的房屋、道路，修正后重试",
        "an outline near ({x}, {y}) does not close, so the land cannot be divided; look there for overlapping or extremely thin "
        "buildings and streets, mend them and try again",
    ),
    "account_dead_ends": (
        "道路、围墙等线的断头，不围成街区；若实际相连，请补画（详情为断头位置、长度）",
        "a street, wall or other line that leads nowhere and encloses nothing; draw on what goes on (detail: place of the loose end, length)",
    ),
    "account_hole_closed": (
        "围墙缺口按出入口处理：围墙在此闭合成街区，可通行（详情为位置、宽度）；若不通行，请在 links 图层中标为 closed",
        "a hole in a wall, taken for a gateway: the wall is closed there, and one can pass (detail: place, metres); if nobody "
        "can, draw a line of kind closed across it in the layer links",
    ),
    "account_strips_joined": (
        "上下行车道之间等窄于 12 米的条状土地已并入此街区（详情为街区位置、窄条数）",
        "a block that strips of land narrower than 12 m joined, as between two carriageways (detail: place of the block, strips)",
    ),
    "account_deck_cut": (
        "道路跨水域或铁路用地处划出一条通道，使两岸相邻（详情为位置、面积）",
        "a strip of land was cut out of water or railway land along a street, so that both banks are neighbours "
        "(detail: place, area)",
    ),
    "account_in_water": (
        "楼栋位于水域或铁路用地内，已为其单独划出土地，其余仍为水域或铁路用地（详情为位置）",
        "a building on water or railway land; it was given land of its own, and the rest stays what it is (detail: place)",
    ),
    "account_water_built_on": (
        "水域或铁路用地内楼栋多于 12 栋、占地超过 1%，或有楼栋跨岸且在其中占比最大，有楼栋的部分按陆地处理；请检查该面（详情为位置、楼栋数）",
        "water or railway land with more than 12 buildings, or covered by them to 1 % or more, or with the largest share of a building "
        "across its bank; the parts with buildings were taken for land; check the polygon (detail: place, buildings)",
    ),
    "account_institution_outside": (
        "机构位于所有社区之外，没有专属网格",
        "an institution outside all communities, so it has no dedicated zone",
    ),
    "account_institution_small": (
        "机构轮廓过小（1 毫米精度下没有面积），没有专属网格",
        "an institution of which nothing is left at a precision of 1 mm, so it has no dedicated zone",
    ),
    "account_institution_taken": (
        "机构所在的土地已属另一机构，没有自己的专属网格（详情为后者）",
        "an institution whose land another one has, so it has no dedicated zone of its own (detail: which)",
    ),
    "account_institution_in_water": (
        "点状机构落在水面或铁路用地上，没有专属网格（详情为地块）；请画出其轮廓面",
        "an institution given as a point on water or railway land, so it has no dedicated zone (detail: cell); draw its outline",
    ),
    "account_institution_homes": (
        "点状机构所在的地块上有住户，没有专属网格（详情为地块、户数）；请画出其轮廓面",
        "an institution given as a point where people live, so it has no dedicated zone (detail: cell, households); draw its "
        "outline",
    ),
    "account_institution_in_building": (
        "机构轮廓落在大半不属于它的楼栋内，楼栋不切分，没有专属网格（详情为地块）",
        "an institution inside a building of which it is the smaller part; buildings stay whole, so it has no dedicated zone "
        "(detail: cell)",
    ),
    "account_institution_part": (
        "机构的专属网格小于其轮廓：重叠处归较小的机构，越出社区的部分不计，楼栋不切分（详情为所得比例，及占去其余的机构）",
        "the dedicated zone of an institution is less than its outline: where outlines overlap the smaller one has the land, what "
        "is outside the community does not count, and buildings stay whole (detail: its share, other institutions that have of it)",
    ),
    "account_institution_footprint": (
        "机构边界穿过楼栋，楼栋整体归其大半所在的一侧（详情为机构、在其内的比例、在其外的比例）",
        "the outline of an institution leads through a building, which stays whole, on the side of its larger share (detail: "
        "institution, shares inside and outside)",
    ),
    "account_footprint_crossed": (
        "道路、铁路、河流、围墙或水域等的边线穿过楼栋，边界绕行，楼栋整体归一侧（详情为本侧占比；另一侧占比、穿过的线名或位置）",
        "a street, railway, watercourse, wall or outline runs through a footprint; the border goes round it, so that it stays whole "
        "(detail: share on its own side; share beyond, and the name of the line or the place)",
    ),
    "account_footprint_shared": (
        "楼栋有一部分在另一街区、社区或给定网格内，整栋归占比最大者（详情为楼名、本处占比；他处占比、方位、隔开两处的路名或位置、另一社区的编码）",
        "a part of a building lies in another block, community or given zone, and the largest share decides where the building belongs "
        "(detail: its name, share there; each share elsewhere, on which side, of which street or at which place, in which other community)",
    ),
    "account_footprint_outside": (
        "楼栋有一部分在所有社区之外（详情为其占比）",
        "a part of a building lies outside all communities (detail: its share)",
    ),
    "account_footprint_overlap": (
        "楼栋轮廓与其他楼栋重叠，重叠处土地归较小者；请检查是否重复绘制（详情为土地所归楼栋、面积、占比）",
        "a footprint overlaps others, and the smaller one holds the land; check whether it was drawn twice (detail: each building that "
        "holds land of it, area, share)",
    ),
    "account_footprint_duplicate": (
        "楼栋轮廓与另一栋完全相同，两栋同在一个地块；请检查是否重复录入（详情为另一栋）",
        "a footprint is the same as another's, and both are in one cell; check whether it was recorded twice (detail: the other building)",
    ),
    "account_points_together": (
        "楼栋与另一栋的点位相同，两栋同在一个地块（详情为另一栋）",
        "a building is a point on the same spot as another, and both are in one cell (detail: the other building)",
    ),
    "account_point_in_footprint": (
        "楼栋的点位于另一栋的轮廓内，两栋同在一个地块（详情为另一栋）",
        "a building is a point in the footprint of another, and both are in one cell (detail: the other building)",
    ),
    "account_cell_joined": (
        "楼栋与其他楼栋重叠过多，未能单独成块，与另一栋同在一个地块（详情为另一栋）",
        "a building overlaps others so far that it has no cell of its own, and is in that of another (detail: the other building)",
    ),
    "account_tower_cut": (
        "楼栋户数超过一个微网格的上限，已切分（详情为份数；其中 units 按单元、floors 按楼层、equal 为均分估计）",
        "a building with more households than a finest zone may hold was cut (detail: number of parts; of these by units, by floors, in "
        "equal parts as an estimate)",
    ),
}
