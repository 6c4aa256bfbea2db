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
}
