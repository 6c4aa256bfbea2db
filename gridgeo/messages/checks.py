"""Texts of checks: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "check_tier_grid": ("三级网格", "grid"),
    "check_tier_micro": ("微网格", "micro-grid"),
    "check_and": ("{one}、{other}", "{one} and {other}"),
    "check_no_zones": (
        "没有任何网格可供检查；请检查文件与图层是否选对",
        "there are no zones to check; see whether it is the right file and layer",
    ),
    "check_no_crs": (
        "网格数据没有坐标参考系，无法与社区、楼栋比较；请在源文件中设定坐标系（例如 EPSG:4547）后重试",
        "the zones have no coordinate reference system, so they cannot be compared with communities and buildings; set one in the source file (for example EPSG:4547) and try again",
    ),
    "check_crs_misfit": (
        "网格的坐标（{given}）无法换算到场地坐标系（{site}）；请检查坐标系是否标错、经纬度是否颠倒",
        "coordinates of the zones ({given}) cannot be brought into those of the site ({site}); look for a wrong reference system or for swapped latitude and longitude",
    ),
    "check_missing_site": (
        "未给出场地资料（社区、楼栋），无法判断土地与住户是否有遗漏；请用 --site（代码中 site=）给出",
        "no site (communities, buildings) was given, so land and people cannot be judged; give one with --site (in code site=)",
    ),
    "check_missing_buildings": (
        "场地中没有楼栋，无法判断住户是否有遗漏；请补充 buildings 图层",
        "the site has no buildings, so it cannot be judged whether people are left out; add the layer buildings",
    ),
    "check_missing_figures": (
        "{n} 栋楼没有户数，户数是否有遗漏尚不能判定：{ids}；请补充 households 列后重新检查",
        "{n} buildings have no household figure, so households cannot be fully judged: {ids}; fill in the column households and check again",
    ),
    "check_missing_load": (
        "{n} 栋楼的“{load}”不详，网格规模尚不能判定：{ids}；请补充后重新检查",
        "{load!r} is unknown for {n} buildings, so sizes of zones cannot be fully judged: {ids}; fill it in and check again",
    ),
    "check_missing_shapes": (
        "{n} 栋楼没有图形，不知位于何处：{ids}；请补充轮廓或点位",
        "{n} buildings have no shape, so nobody knows where they are: {ids}; add an outline or a point",
    ),
    "check_tier_missing": (
        "缺少整级网格：方案中有{tier}，但没有任何{tier}，所有土地都无人负责；请补上这一图层",
        "tier missing: the scheme has a {tier} tier, but there is no zone of it, so nobody is responsible at that tier; add its layer",
    ),
    "check_interrupted": (
        "搜索曾被中断：社区 {code} 的方案是当时找到的最好分法；重新完整运行可得到更好的",
        "interrupted: the plan of community {code} is the best that had been found when its search was ended; a full run may find a better one",
    ),
    "check_layers_differ": (
        "图层不一致：{tier} {code} 在其图层与地块（cells）中相差 {area} 平方米，位于 {where}；请改成一致，或重新划分",
        "layers differ: {tier} {code} in its own layer and in the cells differ by {area} m² at {where}; a plan has one truth, so make them agree",
    ),
    "check_member_differs": (
        "图层不一致：楼栋 {id} 在 buildings 图层中属于 {listed}，按地块（cells）属于 {cells}，位于 {where}；请改成一致",
        "layers differ: building {id} has {listed} in the layer buildings, but {cells} by its cell, at {where}; a plan has one truth, so make them agree",
    ),
    "check_gap": (
        "盲区：社区 {code} 有 {area} m²（最宽 {width} m）不属于任何{tiers}，位于 {where}；那里的事无人负责，请划入相邻网格",
        "blind spot: {area} m² of community {code} (at most {width} m wide) at {where} belong to no {tiers}; nobody is responsible there, so give them to a zone beside them",
    ),
    "check_overlap": (
        "重叠：{tier} {codes} 共占 {area} m²（最宽 {width} m），位于 {where}；那里会重复统计、责任不清，请只留给其中一个",
        "overlap: {tier} {codes} share {area} m² (at most {width} m wide) at {where}; people there would be counted twice, so leave the land to one of them",
    ),
    "check_outside": (
        "越界：{tier} {code} 有 {area} m²（最宽 {width} m）在所有社区之外，位于 {where}；那里不归本级管理，请沿社区界线裁去",
        "outside: {area} m² of {tier} {code} (at most {width} m wide) at {where} lie in no community; they are not this place's to govern, so cut them off along the community border",
    ),
    "check_nesting": (
        "跨界：{tier} {code} 属于 {parent}，却有 {area} m²（最宽 {width} m）在 {others} 之内，位于 {where}；上下级数字将对不上，请沿上级界线修改",
        "crossing: {tier} {code} lies in {parent}, but {area} m² of it (at most {width} m wide) at {where} are in {others}; sums of the tiers would not agree, so redraw it along the border of its parent",
    ),
    "check_invalid_ring": (
        "轮廓无效：{tier} {code} {why}，位于 {where}；面积和归属无法准确计算（其他规则按修补后的轮廓检查，存疑 {area} m²），请重画该处边线",
        "invalid outline: {tier} {code} {why}, at {where}; its area and what belongs to it cannot be told for sure (the other rules use a repaired copy, with {area} m² in doubt), so redraw the border there",
    ),
    "check_ring_crosses": ("的边线自相交", "has a border that crosses itself"),
    "check_ring_touches": ("的边线与自身相接，内部被隔断", "has a border that touches itself and cuts its inside"),
    "check_ring_hole": ("的内孔在轮廓之外或互相嵌套", "has a hole outside its outline or inside another hole"),
    "check_ring_shells": ("的各部分互相重叠或重复", "has parts that lie on one another"),
    "check_ring_short": ("的边线顶点太少", "has too few points in its border"),
    "check_ring_infinite": ("的坐标中有无效数值", "has coordinates that are no numbers"),
    "check_ring_missing": ("没有图形", "has no shape"),
    "check_ring_no_polygon": ("的图形不是面", "has a shape that is no polygon"),
    "check_ring_other": ("的图形不符合规范", "has a shape that breaks the rules of polygons"),
    "check_multipart": (
        "飞地：{tier} {code} 分成 {parts} 块，分离部分共 {area} m²，位于 {where}；网格应连成一片，请把分离部分划给相邻网格或连通",
        "several parts: {tier} {code} is in {parts} pieces, with {area} m² apart at {where}; a zone must hang together, so join them or give the pieces to the zones beside them",
    ),
    "check_enclave": (
        "被包围：{tier} {code}（{area} m²）完全位于 {host} 之内，位于 {where}；出入都要穿过对方，若非有意，请合并或调整",
        "enclave: {tier} {code} ({area} m²) at {where} lies wholly inside {host}; every way to it crosses the other zone, so merge or redraw it unless it is meant so",
    ),
    "check_code_malformed": (
        "编码不合规：{tier}的编码“{code}”应为 {digits} 位数字，位于 {where}；其他系统将无法对应，请改正",
        "malformed code: {code!r} of a {tier} at {where} should be {digits} digits; other systems could not match it, so correct it",
    ),
    "check_code_not_digits": (
        "编码不合规：{tier}的编码“{code}”缺失、不全是数字或位数不足，位于 {where}；其他系统将无法对应，请改正",
        "malformed code: {code!r} of a {tier} at {where} is missing, too short or not all digits; other systems could not match it, so correct it",
    ),
    "check_code_repeated": (
        "编码重复：{n} 个{tier}同用编码 {code}，位于 {where}；人和事会记到别处，请给其中之一换新编码",
        "repeated code: {n} {tier} zones bear {code}, at {where}; people and events would be booked to the wrong place, so give one of them a new code",
    ),
    "check_code_parent": (
        "编码与位置不符：{tier} {code} 在 {lies} 之内，编码却不以其开头，位于 {where}；汇总时会算到别的上级，请改编码或改界线",
        "code and place differ: {tier} {code} lies in {lies} (at {where}), but its code does not begin with that; it would be summed under another parent, so correct the code or the border",
    ),
    "check_code_stated": (
        "上级编码不符：{tier} {code} 填写的上级是 {parent}，与自身编码的前几位不同，位于 {where}；请改正上级编码",
        "stated parent differs: {tier} {code} at {where} names {parent} as its parent, which is not how its own code begins; correct the parent",
    ),
    "check_code_parent_alone": (
        "编码与下级不符：{code} 之内的 {n} 个{tier}编码都以 {head} 开头（{zones}），位于 {where}；请改正 {code}，或改正全部下级编码",
        "code differs from all below: the {n} {tier} zones inside {code} all begin with {head} ({zones}), at {where}; correct {code}, or all of theirs",
    ),
    "check_code_placeholder": (
        "临时编码：社区编码 {code} 以 0 开头，是占位编码，{n} 个网格沿用，位于 {where}；取得正式的 12 位社区编码后请重新编码",
        "placeholder: community code {code} begins with 0 and stands in for a real one in {n} zones, at {where}; number them anew once the official 12 digits are known",
    ),
    "check_building_uncovered": (
        "楼栋在盲区：楼栋 {id} 的 {size} m² 占地中有 {area} m² 不在任何{tier}内，位于 {where}；住户无人负责，请把它划入一个网格",
        "building uncovered: {area} of the {size} m² of building {id} at {where} lie in no {tier}; nobody is responsible for its people, so draw a zone round it",
    ),
    "check_building_bare_point": (
        "楼栋在盲区：楼栋 {id}（点）不在任何{tier}内，位于 {where}；住户无人负责，请把它划入一个网格",
        "building uncovered: building {id} (a point) at {where} lies in no {tier}; nobody is responsible for its people, so draw a zone round it",
    ),
    "check_building_split": (
        "楼栋被切开：楼栋 {id} 分属{tier} {codes}，次要部分 {area} m²（{share}），位于 {where}；同一栋楼会有两个负责人，请把界线改到楼外",
        "building split: building {id} stands in {tier} zones {codes}, with {area} m² ({share}) away from the first, at {where}; one house would have two people in charge, so move the border round it",
    ),
    "check_building_split_border": (
        "楼栋跨社区界线：楼栋 {id} 分属{tier} {codes}，次要部分 {area} m²（{share}），位于 {where}；由社区界线造成，归面积大的一方",
        "building on a community border: building {id} stands in {tier} zones {codes}, with {area} m² ({share}) away from the first, at {where}; the border makes it so, and it belongs to the larger share",
    ),
    "check_building_split_overlap": (
        "楼栋轮廓重叠：楼栋 {id} 分属{tier} {codes}，次要部分 {area} m²（{share}）也是另一栋楼的占地，位于 {where}；请核对两栋楼的轮廓",
        "overlapping footprints: building {id} stands in {tier} zones {codes}, and the {area} m² ({share}) away from the first are another building's footprint too, at {where}; look at the two outlines",
    ),
    "check_building_unassigned": (
        "楼栋未分配：楼栋 {id}（{households} 户）没有列入任何现有网格的名单，它在 {code} 之内，位于 {where}；住户会被漏掉，请补入名单",
        "building unassigned: building {id} ({households} households) is in no existing zone's list; it stands in {code} at {where}. Its people would be left out, so add it to a list",
    ),
    "check_building_misplaced": (
        "楼栋归属与位置不符：楼栋 {id} 列在 {listed}，那里只有它的 {share}，大部分在 {lies}，位于 {where}；网格员会找不到人，请改名单或改界线",
        "building misplaced: building {id} is listed in {listed}, which holds {share} of it, while most of it stands in {lies}, at {where}; grid members would look in the wrong place, so correct the list or the border",
    ),
    "check_households_unassigned": (
        "漏户：{tier} {code} 填写 {stated} 户，所属楼栋合计 {members} 户，少 {n} 户，位于 {where}；请核对并改正",
        "households left out: {tier} {code} at {where} states {stated} households, but its members have {members}, {n} more; look at the figures and correct them",
    ),
    "check_households_twice": (
        "多计户数：{tier} {code} 填写 {stated} 户，所属楼栋合计 {members} 户，多 {n} 户，位于 {where}；可能重复统计，请核对并改正",
        "too many households: {tier} {code} at {where} states {stated} households, but its members have {members}, {n} fewer; some may be counted twice, so look at the figures and correct them",
    ),
    "check_member_twice": (
        "重复统计：{id} 在楼栋名单中出现多次（网格 {codes}），位于 {where}；住户会被重复统计，请只留一行",
        "counted twice: {id} stands several times in the list of buildings (zones {codes}), at {where}; its households would be counted again, so keep one row",
    ),
    "check_list_households_unassigned": (
        "漏户：名单中楼栋 {id} 比场地资料少 {n} 户，位于 {where}；请核对并改正",
        "households left out: the list has {n} households fewer for building {id} at {where} than the site; look at the figures and correct them",
    ),
    "check_list_households_twice": (
        "多计户数：名单中楼栋 {id} 比场地资料多 {n} 户，位于 {where}；请核对并改正",
        "too many households: the list has {n} households more for building {id} at {where} than the site; look at the figures and correct them",
    ),
    "check_load_differs": (
        "负荷不符：{tier} {code} 填写的“{load}”为 {stated}，所属楼栋合计 {members}，位于 {where}；请核对并改正",
        "load differs: {tier} {code} at {where} states {stated} of {load!r}, but its members have {members}; look at the figures and correct them",
    ),
    "check_size": (
        "规模不符：{tier} {code} 有 {amount}，要求 {limits}，位于 {where}；工作量不均，请与相邻网格调整",
        "size: {tier} {code} at {where} has {amount}, and {limits} are asked for; work is shared unevenly, so shift its borders with the zones beside it",
    ),
    "check_size_large": (
        "规模不符：{tier} {code} 有 {amount}，要求 {limits}，位于 {where}；单栋已超上限：{buildings}，可按单元拆分",
        "size: {tier} {code} at {where} has {amount}, and {limits} are asked for; a single building exceeds the limit: {buildings}; divide it by its entrances",
    ),
}
