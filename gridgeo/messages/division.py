"""Texts of division and codes: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "step_blocks": ("划分街区", "finding blocks"),
    "step_cells": ("把土地分给 {n} 栋楼", "giving the land to {n} buildings"),
    "step_graph": ("查找 {n} 个地块的相邻关系", "finding the neighbours of {n} cells"),
    "step_partition": ("划分社区 {code}（{n} 个地块）", "dividing community {code} ({n} cells)"),
    "step_codes": ("编码", "numbering"),
    "cells_columns": (
        "cells 缺少列：{columns}；请使用 gridgeo.cells 的结果",
        "cells lack the columns {columns}; pass what gridgeo.cells gives",
    ),
    "cells_not_exact": (
        "cells 不是严丝合缝的地块（有重叠或边界不一致）；请使用 gridgeo.cells 的结果",
        "the cells do not fit edge to edge (overlaps, or borders that differ); pass what gridgeo.cells gives",
    ),
    "code_too_narrow": (
        "网格级“{tier}”预计有 {n} 个网格，而 {width} 位编码只能编 {room} 个；请改为 {enough} 位，或在其上增加一级",
        "tier {tier!r} is expected to have {n} zones in one parent, but {width} digits number only {room}; give it {enough} digits, or a tier above it",
    ),
    "code_exhausted": (
        "{parent} 下网格级“{tier}”有 {n} 个网格，而 {width} 位编码只能编 {room} 个；请增加位数，或在其上增加一级",
        "{parent} has {n} zones of tier {tier!r}, but {width} digits number only {room}; give it more digits, or a tier above it",
    ),
    "pocket_joined": (
        "被铁路、河流、围墙等隔开的一片地只有 {households} 户，不足以单独成格，已跨越障碍并入邻片；若有通道，请在 links 图层中标出",
        "land shut in by a railway, river or wall holds only {households} households, too few for a zone of its own, so it was joined across the barrier; if there is a passage, draw it in the layer links",
    ),
    "size_building": (
        "{load} 户，超出 {low}-{high}：含有单独就超过上限的楼栋 {buildings}；请提供其单元数（units），或用 --split-large 按等分估算",
        "{load} households are above {low}-{high}, because of buildings that are above the limit alone: {buildings}; give their entrances (units), or let them be cut into equal parts with --split-large",
    ),
    "size_pocket": (
        "{load} 户，低于 {low}-{high}：这片与别处不相连的地总共只有 {pocket} 户；请在 links 图层中标出通道，或降低下限",
        "{load} households are below {low}-{high}: this land, which is joined to nothing else, holds {pocket} in all; draw a passage in the layer links, or lower the limit",
    ),
    "size_no_better": (
        "{load} 户，不在 {low}-{high} 之内，未找到更好的分法（其中最大的一栋有 {largest} 户）；可放宽限值、拆分大楼，或用更长的搜索（--effort best）",
        "{load} households are not within {low}-{high}; no better division was found (the largest building here has {largest}); widen the limits, cut large buildings, or search longer (--effort best)",
    ),
    "cut_equal": (
        "楼栋 {building}（{households} 户）没有单元资料，按等分估算为 {n} 份",
        "building {building} ({households} households) tells no entrances and was cut into {n} equal parts, as an estimate",
    ),
    "division_misfits": (
        "有 {n} 个网格不在限值之内：{first}",
        "{n} zones are outside their limits: {first}",
    ),
}
