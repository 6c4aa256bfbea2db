"""Texts of division and codes: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "step_blocks": ("划分街区", "finding blocks"),
    "step_cells": ("把土地分给 {n} 栋楼", "giving the land to {n} buildings"),
    "step_graph": ("查找 {n} 个地块的相邻关系", "finding the neighbours of {n} cells"),
    "step_partition": ("划分社区 {code}（{n} 个地块）", "dividing community {code} ({n} cells)"),
    "step_certain": (
        "社区 {code}：{tier} 有 {n} 处无论怎样划分都不在限值之内（地块和其数量）：{first}；其余照常划分，原因和办法见划分说明",
        "{code}: {n} places that no division puts within the limits of {tier} (cell, what it holds): {first}; the rest is divided, and "
        "the notes will say why and what helps",
    ),
    "step_codes": ("编码", "numbering"),
    "interrupted": (
        "搜索被中断，这是目前找到的最好分法；重新运行可得到更好的",
        "the search was interrupted; this is the best division found so far, and a full run may find a better one",
    ),
    "keep_needs_cells": (
        "按编码保留网格（keep）时，需要原方案的地块：请写 cells=plan.cells（命令行 --from 方案文件），或直接给出网格图形",
        "to keep zones by code, the cells of their plan are needed: pass cells=plan.cells (--from PLAN), or the zones as they are drawn",
    ),
    "keep_no_crs": (
        "要保留的网格没有坐标系；请用 set_crs 说明",
        "the zones to be kept state no CRS; say which with set_crs",
    ),
    "keep_code": (
        "要保留的网格编码 {codes} 与方案不符：各级编码位数为 {tiers}",
        "codes to be kept do not fit the scheme: {codes}; digits of its tiers: {tiers}",
    ),
    "keep_no_zone": (
        "没有编码为 {codes} 的网格可保留；请核对编码。给出图形时，上级网格须连同其最细一级的网格一起给出",
        "there is no zone {codes} to be kept; look up its code in the plan. Where zones are drawn instead, a coarse one needs its finest ones too",
    ),
    "kept_code_lost": (
        "保留的网格原编码 {code} 属于另一上级网格，图形不变，编码改了",
        "the kept zone bore the code {code}, of another zone above; its land is the same, its code is new",
    ),
    "cells_columns": (
        "cells 缺少列：{columns}；请使用 gridgeo.cells 的结果",
        "cells lack the columns {columns}; pass what gridgeo.cells gives",
    ),
    "effort_unknown": (
        "看不懂搜索强度“{effort}”；可用：{known}，或时间（30s、2min），或步数（sweeps=800,coarse_sweeps=1600,passes=2）",
        "there is no effort {effort!r}; known are {known}, a time (30s, 2min), or steps (sweeps=800,coarse_sweeps=1600,passes=2)",
    ),
    "effort_unit": (
        "搜索强度“{effort}”没有单位：请写 {effort}s（秒）或 {effort}min（分）",
        "effort {effort!r} has no unit: write {effort}s for seconds or {effort}min for minutes",
    ),
    "longer_effort": ("，或用更长的搜索（--effort {effort}）", ", or search longer (--effort {effort})"),
    "longer_time": ("，或把搜索时间延长到 {seconds} 秒以上", ", or search for longer than {seconds} s"),
    "longer_whole": ("，或让搜索完整运行", ", or let the search run to its end"),
    "effort_seconds": (
        "按约 {seconds} 秒搜索，所用步数与机器快慢有关；要得到相同的方案，请用 --effort {effort}",
        "searched for about {seconds} s, and how many steps that makes depends on the machine; to have the same plan again give --effort {effort}",
    ),
    "cells_of_another_site": (
        "cells 没有覆盖这些社区，或其中的楼栋与本地的不同；请用 gridgeo.cells 对同一 site 的结果",
        "the cells do not cover these communities, or hold other buildings; pass what gridgeo.cells gives for the same site",
    ),
    "cells_not_exact": (
        "cells 不是严丝合缝的地块（有重叠或边界不一致）；请使用 gridgeo.cells 的结果",
        "the cells do not fit edge to edge (overlaps, or borders that differ); pass what gridgeo.cells gives",
    ),
    "code_too_narrow": (
        "网格级“{tier}”预计有 {n} 个网格，而 {width} 位编码只能编 {room} 个；请改为 {enough} 位，或在其上增加一级",
        "tier {tier!r} is expected to have {n} zones in one parent, but {width} digits number only {room}; give it {enough} digits, or a tier above it",
    ),
    "code_dedicated": (
        "{parent} 内有 {n} 个机构各为一个专属网格，而网格级“{tier}”的 {width} 位编码只能编 {room} 个专属网格（{first} 起）；请改为 {enough} 位",
        "{parent} holds {n} institutions, each a dedicated zone, but {width} digits of tier {tier!r} number only {room} dedicated zones "
        "(from {first} on); give it {enough} digits",
    ),
    "code_exhausted": (
        "{parent} 下网格级“{tier}”有 {n} 个网格，而 {width} 位编码只能编 {room} 个；请增加位数，或在其上增加一级",
        "{parent} has {n} zones of tier {tier!r}, but {width} digits number only {room}; give it more digits, or a tier above it",
    ),
    "pocket_joined": (
        "楼栋 {building} 一带被铁路、水面、围墙等隔开，只有 {amount}，不足以单独成格，已跨越障碍并入邻片；若有通道，请在 links 图层中标出",
        "land round building {building}, shut in by a railway, water or a wall, holds only {amount}, too few for a zone of its own, so it was joined across the barrier; if there is a passage, draw it in the layer links",
    ),
    "dedicated_homes": (
        "专属网格 {zone}（{institution}）的土地上有 {amount}（楼栋 {buildings}），已计入该专属网格；若这些住户不属于该机构，请修改其边界，或另画其轮廓面",
        "{amount} live on the land of {institution} (buildings {buildings}) and count in its dedicated zone {zone}; if they are none of its own, draw its outline without them",
    ),
    "dedicated_parts": (
        "{institution} 的土地不连成一片，分成 {n} 个专属网格：{zones}；若应为一个，请在 institutions 图层中把其轮廓画成一片",
        "the land of {institution} does not hang together, so it is {n} dedicated zones: {zones}; to have one, draw its outline in one piece",
    ),
    "pocket_dedicated": (
        "楼栋 {buildings} 一带有 {amount}，不足 {low}，只与 {institution} 相邻，不能单独成格，已并入其专属网格 {zone}；若有路通到外面，请修改该机构的边界，让出这条路",
        "land round the buildings {buildings} holds {amount}, fewer than {low}, and touches nothing but {institution}, so it belongs to its dedicated zone {zone}; where a way leads out, leave it out of that outline",
    ),
    "institutions_without_land": (
        "有 {n} 个机构没有得到土地，因而没有专属网格：{institutions}（各自的原因见清点 account）；若要设专属网格，请在 institutions 图层中画出其轮廓面",
        "{n} institutions got no land and so no dedicated zone: {institutions} (the account says why each); to have one, draw the outline as a polygon in the layer institutions",
    ),
    "size_building": (
        "{amount}，超出 {low}-{high}：含有单独就超过上限的楼栋 {buildings}；{advice}",
        "{amount} are above {low}-{high}, because of buildings that are above the limit alone: {buildings}; {advice}",
    ),
    "advice_units": (
        "请提供其单元数（units），或用 --split-large 按等分估算",
        "give their entrances (units), or let them be cut into equal parts with --split-large",
    ),
    "advice_footprint": (
        "以点给出的楼栋无法切分，请提供其轮廓面和单元数（units）",
        "a building given as a point cannot be cut, so give its footprint and its entrances (units)",
    ),
    "advice_floors": (
        "单元本身超过上限的，请提供其层数（levels），或用 --split-large 按等分估算",
        "where an entrance is above the limit itself, give the floors (levels), or let it be cut into equal parts with --split-large",
    ),
    "size_together": (
        "{amount}，超出 {low}-{high}：以下楼栋同在一个地块，无法分开：{buildings}；{advice}",
        "{amount} are above {low}-{high}, because buildings that share a cell cannot be parted: {buildings}; {advice}",
    ),
    "advice_together": (
        "请把它们的轮廓面或点位分开；若是重复的楼栋，请删去一个",
        "separate their footprints or points, or remove a building that stands twice",
    ),
    "advice_room": (
        "已知单元或要求切分、但没有切开的，是轮廓太小或太窄，容不下这么多份（或所给 cells 未经切分）；请提供其真实轮廓面，"
        "人工分成几栋，或放宽上限",
        "where it was to be cut and was not, its footprint is too small or too thin for so many parts (or the cells that were passed "
        "are uncut); give its true footprint, divide it into several buildings by hand, or raise the limit",
    ),
    "advice_limit": (
        "按单元和楼层切分后仍超过上限的，只能放宽上限",
        "where a floor of an entrance is above the limit itself, only a higher limit helps",
    ),
    "one_and": ("{one}；{other}", "{one}; {other}"),
    "size_dedicated": (
        "{amount}，不在 {low}-{high} 之内：其中 {apart} 在位于其内的专属网格里，划分时不计；请核对这些机构的边界，或放宽限值",
        "{amount} are not within {low}-{high}: {apart} of them are in dedicated zones that lie in it, which the division does not balance; look at the outlines of these institutions, or widen the limits",
    ),
    "size_pocket_shut": (
        "{amount}，低于 {low}-{high}：这片地被 {around} 与别处隔开，总共只有 {pocket}；若有路通到外面，请修改该机构的边界，让出这条路，或降低下限",
        "{amount} are below {low}-{high}: this land, which {around} shuts in, holds {pocket} in all; where a way leads out, leave it out of that outline, or lower the limit",
    ),
    "size_pocket": (
        "{amount}，低于 {low}-{high}：这片与别处不相连的地总共只有 {pocket}；请在 links 图层中标出通道，或降低下限",
        "{amount} are below {low}-{high}: this land, which is joined to nothing else, holds {pocket} in all; draw a passage in the layer links, or lower the limit",
    ),
    "size_community": (
        "{amount}，低于 {low}-{high}：整个社区（不计专属网格）只有 {land}，不足一格；只能降低下限，或与其他社区合并划分",
        "{amount} are below {low}-{high}: the whole community (dedicated zones apart) holds {land}, fewer than one zone of this tier needs; only a lower limit "
        "helps, or joining it to another community",
    ),
    "size_wedged": (
        "{amount}，不在 {low}-{high} 之内，且无法避免：这里的一块单独不足下限，与任何邻块合并又超过上限（最大的一栋有 {largest}）；可按单元拆分邻近大楼，或放宽上限",
        "{amount} are not within {low}-{high}, and cannot be: a part of it is below the lower limit alone, and above the upper one with any neighbour (the largest building here has {largest}); cut large buildings beside it by their entrances, or raise the upper limit",
    ),
    "size_pocket_forced": (
        "{amount}，不在 {low}-{high} 之内，且无法避免：只经一处相连的几片地各自不足下限，必须并在一起，合计 {total}；请在 links 图层中标出另一条通道，按单元拆分大楼，或放宽限值",
        "{amount} are not within {low}-{high}, and cannot be: lands that are joined at one place only are too small alone and must stay with it, {total} in all; draw another passage in the layer links, cut large buildings, or widen the limits",
    ),
    "size_component": (
        "{amount}，不在 {low}-{high} 之内，且无法避免：这片地只与自身相连，合计 {total}，无论分成几格都不能都在限值之内；请在 links 图层中标出通道，或放宽限值",
        "{amount} are not within {low}-{high}, and cannot be: this land is joined to nothing else and holds {total}, which no number of zones divides within the limits; draw a passage in the layer links, or widen the limits",
    ),
    "size_component_beside": (
        "{amount}，不在 {low}-{high} 之内，且无法避免：这片地合计 {total}，无论分成几格都不能都在限值之内，"
        "而相邻的 {buildings} 本身已超过上限，不能与之合并；{advice}",
        "{amount} are not within {low}-{high}, and cannot be: this land holds {total}, which no number of zones divides within the "
        "limits, and it cannot be joined to what lies beside it, which is above the limit itself: {buildings}; {advice}",
    ),
    "size_component_whole": (
        "{amount}，不在 {low}-{high} 之内，且无法避免：整个社区（不计专属网格）合计 {total}，无论分成几格都不能都在限值之内；请放宽限值",
        "{amount} are not within {low}-{high}, and cannot be: the whole community (dedicated zones apart) holds {total}, which no number of zones divides "
        "within the limits; widen the limits",
    ),
    "size_no_better": (
        "{amount}，不在 {low}-{high} 之内，未找到更好的分法（其中最大的一栋有 {largest}）；可放宽限值，或拆分大楼{longer}",
        "{amount} are not within {low}-{high}; no better division was found (the largest building here has {largest}); widen the limits, or cut large buildings{longer}",
    ),
    "size_no_better_firm": (
        "{amount}，不在 {low}-{high} 之内，未找到同时满足第二项硬性限值（{second} {least}-{most}）的更好分法（其中最大的一栋有 {largest}）；"
        "可放宽任一项限值，或把第二项改为软性{longer}",
        "{amount} are not within {low}-{high}; no better division was found that keeps the hard limits of {second}, {least}-{most}, as well "
        "(the largest building here has {largest}); widen either limits, or make the second ones soft{longer}",
    ),
    "size_second": (
        "{amount}，不在第二项硬性限值 {low}-{high} 之内，未找到更好的分法（其中最大的一栋有 {largest}）；可放宽限值{longer}",
        "{amount} are not within {low}-{high}, the hard limits of the second load; no better division was found (the largest building here has {largest}); widen the limits{longer}",
    ),
    "second_outside": (
        "{amount}，不在第二项限值 {low}-{high} 之内；这是软性要求，已与各项要求权衡；若必须满足，请在限值后加 !",
        "{amount} are not within {low}-{high}, the limits of the second load; they were weighed against the rest, and to hold them in any case write ! after them",
    ),
    "loads_differ": (
        "方案中网格级 {tiers} 平衡不同的列：{loads}；一次搜索各级只能平衡同一列，请统一，并把另一列写成第二项限值（例如 +people:120-180）",
        "the tiers {tiers} balance different loads: {loads}; one search balances one load in all tiers, so choose one, and limit the other as a second load (such as +people:120-180)",
    ),
    "loads_second_differ": (
        "方案中网格级 {tiers} 的第二项各不相同：{loads}；一次搜索只能有一个第二项，请只保留一个，或用加权和（--load 名称=算式）把几项合成一列",
        "the tiers {tiers} limit different second loads: {loads}; one search has one second load, so keep one of them, or make one load of several with a weighted sum (--load NAME=SUM)",
    ),
    "load_nothing": (
        "所有楼栋的“{load}”均为 0 或不详，无从平衡；请检查该列",
        "{load!r} is 0 or unknown for all buildings, so there is nothing to balance; look at that column",
    ),
    "cut_equal": (
        "楼栋 {building}（{households} 户）没有单元资料，按等分估算为 {n} 份，分属 {zones}",
        "building {building} ({households} households) tells no entrances and was cut into {n} equal parts, as an estimate; they are in {zones}",
    ),
    "cut_equal_floors": (
        "楼栋 {building}（{households} 户）有单元超过上限而层数不详，按等分估算为 {n} 份，分属 {zones}",
        "building {building} ({households} households) has entrances above the limit and tells no floors; they were cut into {n} equal parts, as an estimate, which are in {zones}",
    ),
    "division_misfits": (
        "有 {n} 处不符合限值或个数：{first}",
        "{n} limits or counts are not met: {first}",
    ),
    "size_pocket_given": (
        "{amount}，低于 {low}-{high}：给定网格中连成一片的这块地总共只有 {pocket}；请调整给定网格，或降低下限",
        "{amount} are below {low}-{high}: this land inside a given zone holds {pocket} in all; change the given zone, or lower the limit",
    ),
    "size_given": (
        "给定的网格有 {amount}，不在 {low}-{high} 之内；给定网格原样保留，未作调整",
        "the given zone holds {amount}, not within {low}-{high}; given zones are kept as they are",
    ),
    "compounds_divided": (
        "有 {n} 个小区（院落）被分到不同网格，其中 {large} 个单独就超过上限 {high}：{compounds}；若要整体保留，请用 --keep-compounds",
        "{n} compounds are divided between zones, {large} of them because they hold more than {high}: {compounds}; to keep those whole that fit, give --keep-compounds",
    ),
    "compounds_large": (
        "有 {n} 个小区（院落）单独就超过上限 {high}，被分到不同网格：{compounds}",
        "{n} compounds hold more than {high} each and are divided between zones: {compounds}",
    ),
    "count_given": (
        "网格级“{tier}”要求 {count} 个网格，而社区 {community} 给定了 {n} 个；给定网格原样保留，请去掉或改正个数",
        "tier {tier!r} is to have {count} zones, but {n} are given in community {community}; given zones are kept, so leave the count out or correct it",
    ),
    "count_too_few": (
        "网格级“{tier}”要求共 {count} 个网格，而其上已给定 {n} 个网格，每个至少要有一个；请增加个数",
        "tier {tier!r} is to have {count} zones in all, but {n} zones are given above it and each needs one at least; ask for more",
    ),
    "count_missed": (
        "网格级“{tier}”要求 {count} 个网格，社区 {community} 实得 {n} 个，未找到个数更接近且不违反限值的分法；请放宽限值，或改变个数{longer}",
        "tier {tier!r} was to have {count} zones, community {community} has {n}: no division nearer to that within the limits was found, as barriers or large buildings may not allow it; widen the limits, or change the count{longer}",
    ),
    "count_impossible": (
        "网格级“{tier}”要求 {count} 个网格，但社区 {community} 共 {amount}，按每格 {low}-{high} 只能分成 {least} 至 {most} 个；请改变个数，或放宽限值",
        "tier {tier!r} is to have {count} zones, but community {community} holds {amount}, which make {least} to {most} zones of {low}-{high}; change the count, or widen the limits",
    ),
    "within_one_tier": (
        "给定网格是方案的最粗一级，其下至少还要有一级可划分，而方案只有“{tier}”一级；请在其上增加给定网格的一级",
        "given zones are the coarsest tier of the scheme and are divided into the finer ones, but the scheme has only the tier {tier!r}; put a tier for the given zones above it",
    ),
    "within_no_crs": (
        "给定网格没有坐标参考系，无法与社区对上；请为其指定坐标参考系",
        "the given zones state no CRS, so they cannot be laid over the community; give them one",
    ),
    "within_unusable": (
        "给定网格无法使用，有 {n} 处问题（{first}）：它们要原样保留，所以须编码有效、互不重叠、盖满社区且不越界",
        "the given zones cannot be used, {n} problems ({first}): they are to be kept to the letter, so they need valid codes, must not overlap, and must cover the communities and no more",
    ),
    "within_code": (
        "不是网格级“{tier}”的编码：应为 {digits} 位数字，末段从 1 起；请改正",
        "is no code of the tier {tier!r}: {digits} digits are needed, the last number counting from 1; correct it",
    ),
    "within_community": (
        "编码的前 12 位不是任何一个社区的编码（社区编码：{known}）；请改正编码，或换用相应的社区图层",
        "the first 12 digits are no code of a community here (there is {known}); correct the code, or give the communities that belong to it",
    ),
    "within_twice": (
        "编码重复；请改正，或把同一网格的几块合成一个多部件面",
        "the code stands twice; correct it, or make one multipart polygon of a zone's pieces",
    ),
    "within_no_land": (
        "没有面；请补画该网格，或删去这一行",
        "has no polygon; draw the zone, or remove the row",
    ),
    "within_overlap": (
        "两个给定网格重叠 {area} 平方米（{n} 处），最大一处在 ({x}, {y})；请修正边界",
        "two given zones overlap by {area} m2 ({n} places), most of it at ({x}, {y}); mend their border",
    ),
    "within_gap": (
        "社区有 {area} 平方米的地（{n} 处）不在任何给定网格内，最大一处在 ({x}, {y})；请补上",
        "{area} m2 of the community ({n} places) lie in no given zone, most of it at ({x}, {y}); extend a zone over it",
    ),
    "within_outside": (
        "给定网格越出其社区 {area} 平方米（{n} 处），最大一处在 ({x}, {y})；请裁到社区边界",
        "the given zone reaches beyond its community by {area} m2 ({n} places), most of it at ({x}, {y}); clip it at the border",
    ),
    "within_not_kept": (
        "给定网格 {code} 在 ({x}, {y}) 附近未能由地块拼成：地块没有沿其边界切开；若自行提供 cells，请用 along= 给出这些边界",
        "the cells do not make up the given zone {code} near ({x}, {y}): they are not cut along its border; if you pass cells of your own, make them with along= these borders",
    ),
}
