"""Texts of nouns and files: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "scheme_preset_unknown": (
        "没有名为“{name}”的预设；可用：{known}",
        "there is no preset {name!r}; known are {known}",
    ),
    "kind": (
        "{what}：应为{wanted}，现为 {value}（{kind}）",
        "{what}: must be {wanted}, not {value} ({kind})",
    ),
    "kind_whole": ("整数", "a whole number"),
    "kind_number": ("数", "a number"),
    "kind_text": ("文字", "a text"),
    "scheme_empty": ("方案至少要有一级网格", "a scheme needs at least one tier"),
    "scheme_tier_text": (
        "“{text}”不是一级网格的写法；应为 名称:下限-上限[x个数][@目标][:位数][/平衡列][+第二列:下限-上限[!]]，例如 grid:300-500@400:3",
        "{text!r} does not describe a tier; write NAME:LOW-HIGH[xCOUNT][@TARGET][:WIDTH][/LOAD][+LOAD:LOW-HIGH[!]], for example grid:300-500@400:3",
    ),
    "scheme_tier_limits": (
        "网格级“{name}”：要求 0 ≤ 下限 {low} ≤ 目标 {target} ≤ 上限 {high}，且上限大于 0",
        "tier {name!r}: 0 <= low {low} <= target {target} <= high {high} must hold, and high must be above 0",
    ),
    "scheme_tier_width": (
        "网格级“{name}”：编码位数应为 2 至 6，现为 {width}",
        "tier {name!r}: width must be 2 to 6 digits, not {width}",
    ),
    "scheme_tier_count": (
        "网格级“{name}”：个数应大于 0，现为 {count}",
        "tier {name!r}: count must be above 0, not {count}",
    ),
    "load_name": (
        "“{load}”不能作负荷列的名称：只用文字、数字、下划线，不以数字开头，且不与图层的其他列同名；换名请写 名称=列名",
        "{load!r} cannot be the name of a load: it holds letters, digits and underscores, no digit first, and is no other column's "
        "name; to give it another write NAME=COLUMN",
    ),
    "scheme_also_text": (
        "“{text}”不是第二项限值的写法；应为 列名:下限-上限，硬性限值再加 !，例如 people:120-180!",
        "{text!r} does not describe limits of a second load; write LOAD:LOW-HIGH, with ! where they are hard, for example people:120-180!",
    ),
    "scheme_also_limits": (
        "第二项“{load}”：要求 0 ≤ 下限 {low} ≤ 上限 {high}，且上限大于 0",
        "second load {load!r}: 0 <= low {low} <= high {high} must hold, and high must be above 0",
    ),
    "scheme_also_same": (
        "网格级“{name}”：第二项与所平衡的列同为“{load}”；其限值已写在前面",
        "tier {name!r}: the second load is the one that it balances, {load!r}, whose limits stand there already",
    ),
    "amount_households": ("{n} 户", "{n} households"),
    "amount_households_bare": ("{n} 户", "{n}"),
    "amount_load": ("{n}（{load}）", "{n} ({load})"),
    "load_unknown": (
        "楼栋没有数值列“{load}”，无法平衡；现有：{known}。请在读取时用 loads=（命令行 --load）指明",
        "the buildings have no column of numbers {load!r} to be balanced; there are {known}; name it with loads= (--load) when reading",
    ),
    "load_negative": (
        "列“{load}”有 {n} 栋楼的数值为负：{buildings}；请改正，不详者留空",
        "column {load!r} is below 0 for {n} buildings: {buildings}; correct them, and leave unknown ones empty",
    ),
    "scheme_preference": (
        "偏好 {name}：应在 0 至 {most} 之间（equal 须大于 0），现为 {value}",
        "preference {name}: must be 0 to {most} (equal above 0), not {value}",
    ),
    "scheme_preference_text": (
        "无法理解偏好“{text}”：应写作 名称=数值，名称为 {known} 之一，例如 compact=2",
        "preference {text!r} cannot be read: write NAME=NUMBER, where the name is one of {known}; for example compact=2",
    ),
    "scheme_tier_name": (
        "网格级名称“{name}”不可用：须以小写字母开头，只含小写字母、数字、下划线，且不与图层同名",
        "tier name {name!r} cannot be used: it starts with a lower-case letter, holds lower-case letters, digits and "
        "underscores only, and is not the name of a layer",
    ),
    "scheme_tier_twice": ("网格级名称“{name}”出现两次", "tier name {name!r} stands twice"),
    "scheme_tier_order": (
        "网格级须由粗到细排列：“{fine}”的下限高于其上一级“{coarse}”的上限",
        "tiers go from coarse to fine: the lower limit of {fine!r} is above the upper limit of {coarse!r}, in which it lies",
    ),
    "tier_unknown": ("没有网格级“{name}”；方案中有：{known}", "there is no tier {name!r}; the scheme has {known}"),
    "role_unknown": ("没有图层“{name}”；可用：{known}", "there is no layer {name!r}; known are {known}"),
    "output_exists": (
        "{path} 已存在，未改动；若要替换，请加 --overwrite（代码中 overwrite=True）",
        "{path} exists and was left alone; to replace it give --overwrite (in code overwrite=True)",
    ),
    "output_is_link": (
        "{path} 是符号链接，不写入；请给出真实路径",
        "{path} is a symbolic link and is not written to; give the real path",
    ),
    "output_no_folder": (
        "文件夹 {folder} 不存在，无法写入 {path}",
        "folder {folder} does not exist, so {path} cannot be written",
    ),
    "output_failed": (
        "无法写入 {path}：{why}；原有文件未受影响",
        "{path} could not be written: {why}; what stood there before is intact",
    ),
    "maps_need_plan": (
        "地图要由方案（Plan）绘制，现为 {kind}；请用 gridgeo.divide 或 Plan.load 的结果",
        "maps are drawn of a Plan, not of a {kind}; pass what gridgeo.divide or Plan.load gives",
    ),
    "plan_unreadable": (
        "{path} 不是 gridgeo 的方案文件：{why}",
        "{path} is not a plan file of gridgeo: {why}",
    ),
    "plan_column_missing": ("图层 {layer} 缺少列 {columns}", "layer {layer} lacks the columns {columns}"),
    "plan_cell_uncoded": (
        "图层 cells 中有地块没有编码：{cells}；请补上微网格编码",
        "cells without a code in the layer cells: {cells}; give them the code of a micro-grid",
    ),
    "plan_cell_lost": (
        "楼栋所在的地块不在图层 cells 中：{cells}；请恢复这些地块",
        "buildings lie in cells that are not in the layer cells: {cells}; restore these cells",
    ),
    "plan_layer_missing": ("缺少图层 {layer}", "layer {layer} is missing"),
    "zones_unreadable": (
        "{path} 不是可读取的图层文件；请给出 GeoPackage",
        "{path} is not a file of layers that can be read; give a GeoPackage",
    ),
    "output_not_package": (
        "{path}：方案和图层写成 GeoPackage，文件名须以 .gpkg 结尾",
        "{path}: plans and layers are written as a GeoPackage, so the name has to end in .gpkg",
    ),
    "zones_no_number": (
        "{path} 的图层“{layer}”列“{column}”中有 {n} 个值不是整数，例如“{value}”；请只填数字",
        "layer {layer!r} of {path} has {n} values in column {column!r} that are no whole numbers, for example {value!r}; write numbers only",
    ),
    "zones_no_tier": (
        "{path} 中没有可作为网格的面图层；请用 layers= 指明每一级网格的图层",
        "{path} holds no polygon layer that could be a tier; name each tier's layer with layers=",
    ),
    "zones_no_code": (
        "{path} 的图层“{layer}”没有编码列（code、统一编码、网格编码）",
        "layer {layer!r} of {path} has no column of codes (code, 统一编码, 网格编码)",
    ),
    "file_missing": ("找不到文件 {path}", "there is no file {path}"),
    "report_failed": ("报告中有 {n} 处错误：{rules}", "the report holds {n} errors: {rules}"),
    "state_pass": ("通过", "pass"),
    "state_fail": ("未通过", "fail"),
    "state_incomplete": ("资料不全", "incomplete"),
    "land_is_no_table": (
        "cells() 的结果不再是一张表，没有 {name}；地块表是 .cells，成员（楼栋、单元、户数）表是 .members",
        "what cells() gives is no table any more and has no {name}; its table of cells is .cells, that of people is .members",
    ),
}
