"""Texts of the command line: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "step_sample": ("生成示例社区", "making the sample community"),
    "step_read": ("读取数据", "reading"),
    "step_check": ("核查全覆盖", "proving full coverage"),
    "step_finish": ("核查全覆盖，并写入方案", "proving full coverage, and writing the plan"),
    "step_maps": ("绘制地图", "drawing the maps"),
    "cli_no_site": (
        "请给出 SITE（一个 GeoPackage 或一个图层文件夹），或同时给出 --buildings 和 --communities",
        "give SITE (a GeoPackage, or a folder of layers), or both --buildings and --communities",
    ),
    "cli_from_alone": (
        "--from 带来原方案的地点和地块，不能再给 SITE、图层、--crs、--households、--m2-per-household、--load、--dedicated 或 --split-large",
        "--from brings the place and land of its plan, so it goes without SITE, layers, --crs, --households, --m2-per-household, --load, --dedicated and --split-large",
    ),
    "cli_preset_and_tiers": ("--preset 与 --tier 只能二选一", "give either --preset or --tier, not both"),
    "cli_error": ("错误：{text}", "error: {text}"),
    "cli_interrupted": ("已中断，未写入任何文件", "interrupted; nothing was written"),
    "cli_account": ("清点 {layer}：{count}{reason}{named}", "account, {layer}: {count}{reason}{named}"),
    "cli_account_rows": ("{what} {n} 行；", "rows {what}: {n}; "),
    "cli_account_cases": ("共 {n} 处；", "cases: {n}; "),
    "cli_account_named": ("：{names}", ": {names}"),
    "cli_account_households": (
        "  其中 {households} 户未进入方案",
        "  with {households} households, which are not in the plan",
    ),
    "account_accepted": ("采用", "accepted"),
    "account_repaired": ("修复后采用", "repaired"),
    "account_set_aside": ("搁置", "set aside"),
    "cli_classes_unknown": (
        "警告：--dedicated 的类别 {classes} 在 institutions、landuse、pois 图层中都没有，不会生成专属网格；现有类别：{known}",
        "warning: no institution, landuse or poi has a class {classes}, so --dedicated makes no zones of it; classes there are: {known}",
    ),
    "cli_institutions": ("专属网格的机构：{counts}", "institutions for dedicated zones: {counts}"),
    "cli_tier": (
        "{tier}：{zones} 个网格（其中专属网格 {dedicated} 个），{households} 户，每格 {min} 至 {max} 户，共 {area_ha} 公顷",
        "{tier}: {zones} zones ({dedicated} dedicated), {households} households, {min} to {max} a zone, {area_ha} ha",
    ),
    "cli_tier_load": (
        "{tier}：{zones} 个网格（其中专属网格 {dedicated} 个），{households} 户，每格 {load} {min} 至 {max}，共 {area_ha} 公顷",
        "{tier}: {zones} zones ({dedicated} dedicated), {households} households, {load} {min} to {max} a zone, {area_ha} ha",
    ),
    "cli_tier_also": (
        "  第二项：每格 {also} {also_min} 至 {also_max}",
        "  second load: {also} {also_min} to {also_max} a zone",
    ),
    "cli_tier_without": (
        "{tier}：{zones} 个网格（其中专属网格 {dedicated} 个），户数不详，共 {area_ha} 公顷",
        "{tier}: {zones} zones ({dedicated} dedicated), no household figures, {area_ha} ha",
    ),
    "cli_tier_grid": ("三级网格", "grid"),
    "cli_tier_micro": ("微网格", "micro"),
    "cli_tier_layer": (
        "--tier-layer 应写作 网格级=图层，例如 grid=三级网格",
        "write --tier-layer as TIER=LAYER, for example grid=zones",
    ),
    "cli_unmet": (
        "--strict：有 {n} 处不符合限值或个数，见上面的说明；方案已写入，供查看",
        "--strict: {n} limits or counts are not met, see the notes above; the plan was written, to be looked at",
    ),
    "cli_notes": (
        "划分说明（警告 {warnings}，提示 {notes}）：未能满足之处及原因",
        "notes of the division (warnings {warnings}, notes {notes}), on what is not as asked and why:",
    ),
    "cli_report": (
        "核查：{state}（发现错误 {errors}，警告 {warnings}，提示 {notes}）",
        "check: {state} (findings: errors {errors}, warnings {warnings}, notes {notes})",
    ),
    "cli_rules": ("  {severity}：{rules}", "  {severity}: {rules}"),
    "cli_more": ("  ……另有 {n} 条", "  ... and {n} more"),
    "cli_written": ("已写入 {path}", "written: {path}"),
    "demo_done": (
        "完成。{folder} 中有：\n"
        "  plan.gpkg    方案：网格、微网格、楼栋及统一编码，用 QGIS 打开\n"
        "  plan.html    地图：用浏览器打开，无需上网\n"
        "  plan.pdf     图册：总图一张，每个网格一张，A4 打印\n"
        "  report.json  核查报告：是否全覆盖、无死角\n"
        "  community.gpkg、drawn.gpkg、drawn_faults.csv  示例社区，以及一份带有已知错误的手绘方案",
        "Done. In {folder} there are:\n"
        "  plan.gpkg    the plan: grids, micro-grids, buildings and their codes; open it in QGIS\n"
        "  plan.html    the map; open it in a browser, no internet needed\n"
        "  plan.pdf     the sheets: an overview and one a grid, for A4 paper\n"
        "  report.json  the proof: whether all land and everybody is covered\n"
        "  community.gpkg, drawn.gpkg, drawn_faults.csv  the made community, and a hand-drawn plan with known faults",
    ),
}
