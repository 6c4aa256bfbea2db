"""Texts of load: reason -> (Chinese, English).

``load_X`` says what problem X is, ``fix_X`` what to do about it, ``account_X`` what reason X of the account means.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "load_joined": ("{first}\n{rest}", "{first}\n{rest}"),
    "load_sentence": ("{what}。{remedy}。", "{what}. {remedy}."),
    "load_near": ("（是否为“{name}”？）", " (is it {name!r}?)"),
    "load_m2_invalid": (
        "每户建筑面积应为大于 0 的数，现为 {value}；例如 m2_per_household=90",
        "m2_per_household must be a number above 0, not {value}; for example m2_per_household=90",
    ),
    "load_crs_unreadable": (
        "无法识别坐标系“{text}”；可写 EPSG:4547、WKT、GCJ-02 或 BD-09",
        "{text!r} names no reference system; write EPSG:4547, WKT, GCJ-02 or BD-09",
    ),
    # files
    "load_file_missing": ("图层“{layer}”：找不到文件 {path}", "layer {layer!r}: there is no file {path}"),
    "fix_file_missing": (
        "只读取本机上的文件；请检查路径，写法为 文件 或 文件:图层",
        "Only files on this machine are read; check the path, written as FILE or FILE:LAYER",
    ),
    "load_site_missing": ("找不到 {path}", "there is no {path}"),
    "fix_site_missing": (
        "请给出本机上的 .gpkg 文件或文件夹",
        "Give a .gpkg file or a folder on this machine",
    ),
    "fault_why": ("{why}", "{why}"),
    "fault_format": ("内容不是 {kind} 格式", "its content is not {kind}"),
    "fault_companion": ("缺少 {name}", "{name} is missing"),
    "fault_cut": ("{name} 不完整", "{name} is cut off"),
    "fault_counts": (
        "图形 {shapes} 个，属性却有 {records} 行",
        "it has {shapes} shapes, but {records} rows of attributes",
    ),
    "load_file_kind": (
        "图层“{layer}”：不读取 {path} 这种格式",
        "layer {layer!r}: {path} is no format that is read here",
    ),
    "fix_file_kind": (
        "可用格式：{known}（.csv 仅用于 unit_households）",
        "Use one of {known} (.csv for unit_households only)",
    ),
    "load_site_kind": ("{path} 不是 GeoPackage 文件，也不是文件夹", "{path} is neither a GeoPackage nor a folder"),
    "fix_site_kind": (
        "请给出 .gpkg 文件或文件夹，或用 layers=（命令行 --buildings、--communities）逐层指定",
        "Give a .gpkg file or a folder, or name the layers one by one with layers= (--buildings, --communities)",
    ),
    "load_file_damaged": (
        "图层“{layer}”：{path} 无法读取（{why}）",
        "layer {layer!r}: {path} cannot be read ({why})",
    ),
    "fix_file_damaged": (
        "请重新导出该文件；Shapefile 的 .shp、.shx、.dbf 须一并复制",
        "Export the file again; of a Shapefile copy .shp, .shx and .dbf together",
    ),
    "load_parts_missing": (
        "图层“{layer}”：文件夹 {path} 中没有 .parquet 分块文件",
        "layer {layer!r}: folder {path} holds no parts (files that end in .parquet)",
    ),
    "fix_parts_missing": (
        "请给出一个文件，或装有 GeoParquet 分块的文件夹",
        "Give a file, or a folder that holds the GeoParquet parts of the layer",
    ),
    "load_parts_differ": (
        "图层“{layer}”：分块 {path} 与 {first} 的列不同：{columns}",
        "layer {layer!r}: part {path} has other columns than {first}; only one of them has {columns}",
    ),
    "fix_parts_differ": (
        "请将所有分块以相同的列重新导出，或移走不属于该图层的文件",
        "Export all parts with the same columns, or take files away that are no part of the layer",
    ),
    "load_layer_unknown": ("图层“{layer}”：{path} 中没有“{name}”", "layer {layer!r}: {path} has no layer {name!r}"),
    "fix_layer_unknown": ("其中的图层有：{known}", "Its layers are {known}"),
    "load_layer_open": (
        "图层“{layer}”：{path} 有多个图层，无法确定用哪一个",
        "layer {layer!r}: {path} has several layers, and none is named as the role",
    ),
    "fix_layer_open": ("请写成 文件:图层；其中有 {known}", "Write FILE:LAYER; it has {known}"),
    "load_layer_no_geometry": ("图层“{layer}”：{path} 没有几何图形", "layer {layer!r}: {path} holds no geometry"),
    "fix_layer_no_geometry": ("请给出带几何图形的图层", "Give a layer with geometry"),
    "load_layer_empty": ("图层“{layer}”没有可用的行", "layer {layer!r} has no usable row"),
    "fix_layer_empty": ("请检查导出范围与几何图形", "Check what was exported, and its geometry"),
    "load_role_twice": ("图层“{layer}”有多个来源：{names}", "layer {layer!r} is there more than once: {names}"),
    "fix_role_twice": (
        "请只留一个，或用 layers= 指明",
        "Keep one of them, or say which with layers=",
    ),
    "load_role_missing": ("缺少图层“{layer}”{hint}", "layer {layer!r} is missing{hint}"),
    "fix_role_missing": (
        "请将图层或文件命名为“{layer}”，或用 layers=（命令行 --{layer}）指明；其他图层：{known}",
        "Name a layer or file {layer!r}, or say which it is with layers= (--{layer}); others there: {known}",
    ),
    # reference systems
    "load_crs_unused": (
        "所有图层都标明了坐标系，{crs} 无处可用",
        "{crs} is given, but each layer names a reference system of its own",
    ),
    "fix_crs_unused": (
        "请将 {crs} 的图层导出为 GeoJSON，或去掉其坐标系标记",
        "Export the layers that are in {crs} as GeoJSON, or without the name of a system",
    ),
    "load_crs_missing": ("图层“{layer}”没有坐标系", "layer {layer!r} names no reference system"),
    "fix_crs_missing": (
        "没有坐标系就无法量算面积；请用 crs=（命令行 --crs）给出；按坐标值推测：{candidates}",
        "Nothing can be measured without it; give it with crs= (--crs). The coordinates look like {candidates}",
    ),
    "load_crs_swapped": (
        "图层“{layer}”的坐标疑似经纬度（或 X、Y）颠倒：({x}, {y})，坐标系 {crs}",
        "layer {layer!r} seems to have its axes swapped: ({x}, {y}) in {crs}",
    ),
    "fix_crs_swapped": (
        "请将坐标改为先经度（东）、后纬度（北）再导出",
        "Export it again with longitude (east) first and latitude (north) second",
    ),
    "load_crs_against": (
        "图层“{layer}”只有在 X、Y 颠倒后才落在社区范围内",
        "layer {layer!r} lies on the communities only with its axes swapped",
    ),
    "fix_crs_against": (
        "请将坐标改为先经度（东）、后纬度（北）再导出",
        "Export it again with longitude (east) first and latitude (north) second",
    ),
    "load_crs_metres": (
        "图层“{layer}”标明为经纬度（{crs}），坐标却是以米计的：({x}, {y})",
        "layer {layer!r} says it is in degrees ({crs}), but its coordinates are metres: ({x}, {y})",
    ),
    "fix_crs_metres": (
        "请用 crs=（命令行 --crs）给出真实坐标系；按坐标值推测：{candidates}",
        "Give its true system with crs= (--crs). The coordinates look like {candidates}",
    ),
    "load_crs_degrees": (
        "图层“{layer}”标明为以米计（{crs}），坐标却像经纬度：({x}, {y})",
        "layer {layer!r} says it is in metres ({crs}), but its coordinates look like degrees: ({x}, {y})",
    ),
    "fix_crs_degrees": (
        "请在源数据中改正坐标系；按坐标值推测：{candidates}",
        "Set the right system in the source. The coordinates look like {candidates}",
    ),
    "load_crs_place": (
        "图层“{layer}”的坐标 ({x}, {y}) 不在 {crs} 的适用范围内",
        "layer {layer!r}: coordinates ({x}, {y}) lie far from where {crs} is used",
    ),
    "fix_crs_place": (
        "带号或中央经线可能有误；按坐标值推测：{candidates}",
        "Its zone or central meridian may be wrong. The coordinates look like {candidates}",
    ),
    "load_crs_parts": (
        "图层“{layer}”：分块 {path} 的坐标系（{crs}）与 {first}（{other}）不同",
        "layer {layer!r}: part {path} is in another reference system ({crs}) than {first} ({other})",
    ),
    "fix_crs_parts": (
        "请将所有分块以同一坐标系重新导出",
        "Export all parts in one reference system",
    ),
    "load_crs_infinite": (
        "图层“{layer}”无法从 {crs} 转换到 {target}，例如 {where}",
        "layer {layer!r} cannot be brought from {crs} to {target}, for example {where}",
    ),
    "fix_crs_infinite": (
        "请检查该图层的坐标系以及坐标顺序",
        "Check the system of this layer and the order of its axes",
    ),
    # ids
    "load_id_repeated": (
        "图层“{layer}”：编号重复（{n} 行）：{values}；行 {rows}",
        "layer {layer!r}: ids stand more than once ({n} rows): {values}; rows {rows}",
    ),
    "fix_id_repeated": (
        "每栋楼须有唯一编号，否则户数会重复计算；请改正或删去该列",
        "Each building needs an id of its own, or households are counted twice; correct the ids, or drop the column",
    ),
    "load_id_alike": (
        "图层“{layer}”：编号仅在全角、空格或不可见字符上不同：{values}；行 {rows}",
        "layer {layer!r}: ids differ only by width, blanks or invisible signs: {values}; rows {rows}",
    ),
    "fix_id_alike": ("请统一写法；若是同一栋楼，只留一行", "Write them alike; if they are one building, keep one row"),
    "load_id_float": (
        "图层“{layer}”：列“{column}”是小数，编号可能已丢失位数：{values}；行 {rows}",
        "layer {layer!r}: column {column!r} holds floats, so ids may have lost digits: {values}; rows {rows}",
    ),
    "fix_id_float": ("请将编号存为文本后重新导出", "Store ids as text and export again"),
    "load_id_control": (
        "图层“{layer}”：编号含控制字符：{values}；行 {rows}",
        "layer {layer!r}: ids hold control characters: {values}; rows {rows}",
    ),
    "fix_id_control": ("请删去这些字符", "Take these characters out"),
    # households
    "load_households_missing": ("图层“{layer}”没有户数列", "layer {layer!r} has no column of households"),
    "fix_households_missing": (
        "请用 households={near}（命令行 --households {near}）指明户数列，或用 m2_per_household=90"
        "（--m2-per-household 90）按建筑面积估算；现有列：{known}",
        "Name the column with households={near} (--households {near}), or have them estimated from floor area with "
        "m2_per_household=90 (--m2-per-household 90); there are the columns {known}",
    ),
    "load_households_column": ("图层“{layer}”没有列“{column}”", "layer {layer!r} has no column {column!r}"),
    "fix_households_column": (
        "最接近的是 {near}；现有列：{known}",
        "The nearest is {near}; there are the columns {known}",
    ),
    "load_households_negative": (
        "图层“{layer}”：户数为负：{values}；行 {rows}",
        "layer {layer!r}: households below 0: {values}; rows {rows}",
    ),
    "fix_households_negative": ("请改正；不详者留空", "Correct them; leave unknown ones empty"),
    "load_households_decimal": (
        "图层“{layer}”：户数不是整数：{values}；行 {rows}",
        "layer {layer!r}: households that are no whole numbers: {values}; rows {rows}",
    ),
    "fix_households_decimal": (
        "户数须为整数；请检查列“{column}”是否为户数",
        "Households are whole numbers; check that column {column!r} holds them",
    ),
    "load_households_huge": (
        "图层“{layer}”：一行超过 {most} 户：{values}；行 {rows}",
        "layer {layer!r}: more than {most} households in one row: {values}; rows {rows}",
    ),
    "fix_households_huge": (
        "一栋楼不会有这么多户；请检查列“{column}”是否为户数",
        "No building holds so many; check that column {column!r} holds households",
    ),
    "load_households_zero": (
        "社区内所有楼栋的户数均为 0 或不详",
        "the households of all buildings in the communities are 0 or unknown",
    ),
    "fix_households_zero": (
        "无户数则无从划分；请检查户数列，或用 m2_per_household=90 估算",
        "There is nothing to divide by; check the column, or have them estimated with m2_per_household=90",
    ),
    "load_units_column": ("图层“{layer}”没有列“{column}”", "layer {layer!r} has no column {column!r}"),
    "fix_units_column": (
        "需要楼栋编号（building 或 id）、unit、households 三列；现有列：{known}",
        "It needs building (or id), unit and households; there are the columns {known}",
    ),
    "load_unit_repeated": (
        "图层“{layer}”：同一楼栋的单元重复：{values}；行 {rows}",
        "layer {layer!r}: units of a building stand more than once: {values}; rows {rows}",
    ),
    "fix_unit_repeated": ("每个单元只留一行", "Keep one row for each unit"),
    # other loads
    "load_households_own": (
        "户数（households）每个场地都有，不必用 loads（--load）指明；列名不同请用 households=（--households）",
        "every site has households, so they need not be named with loads (--load); for another column use households= (--households)",
    ),
    "load_sum": (
        "负荷“{name}”的算式“{text}”看不懂：应为若干 [数*]列名 之和，例如 events + 0.2*elderly",
        "the sum {text!r} of load {name!r} cannot be read: write terms [NUMBER*]COLUMN with + between them, for example events + 0.2*elderly",
    ),
    "load_figure_column": ("图层“{layer}”没有列“{column}”", "layer {layer!r} has no column {column!r}"),
    "fix_figure_column": (
        "请用 loads=（--load）指明已有的数值列；现有列：{known}",
        "Name a column of numbers that is there with loads= (--load); there are the columns {known}",
    ),
    "load_figure_negative": (
        "图层“{layer}”：列“{column}”有负数：{values}；行 {rows}",
        "layer {layer!r}: figures below 0 in column {column!r}: {values}; rows {rows}",
    ),
    "fix_figure_negative": ("请改正；不详者留空", "Correct them; leave unknown ones empty"),
    "load_figure_text": (
        "图层“{layer}”：列“{column}”有非数值：{values}；行 {rows}",
        "layer {layer!r}: what stands in column {column!r} is no number: {values}; rows {rows}",
    ),
    "fix_figure_text": ("请只填数字；不详者留空", "Write numbers only; leave unknown ones empty"),
    "load_figure_huge": (
        "图层“{layer}”：列“{column}”一行超过 {most}：{values}；行 {rows}",
        "layer {layer!r}: more than {most} in one row of column {column!r}: {values}; rows {rows}",
    ),
    "fix_figure_huge": (
        "请检查列“{column}”，或换用更大的单位",
        "Look at column {column!r}, or count in a larger unit",
    ),
    # land
    "load_no_buildings": (
        "没有一栋楼位于任何社区内",
        "no building lies in any community",
    ),
    "fix_no_buildings": (
        "请检查两个图层是否为同一地点，坐标系是否正确",
        "Check that both layers show the same place, and that their reference systems are right",
    ),
    "load_boundary_invalid": (
        "社区边界有误：{values}；行 {rows}",
        "the boundary of a community is drawn wrongly: {values}; rows {rows}",
    ),
    "fix_boundary_invalid": (
        "边界是法定界线，程序不会擅自修改；请在绘图软件中改正",
        "It is a legal line and is not mended in silence; correct it where it was drawn",
    ),
    "load_boundary_wild": (
        "社区边界含无效坐标；行 {rows}",
        "the boundary of a community has coordinates that lie nowhere; rows {rows}",
    ),
    "fix_boundary_wild": ("请在绘图软件中改正", "Correct it where it was drawn"),
    "load_communities_overlap": (
        "社区相互重叠超过 1 厘米宽：{values}",
        "communities overlap by more than 1 cm in width: {values}",
    ),
    "fix_communities_overlap": (
        "重叠的土地和住户会被计算两次；请先划清边界",
        "Land and households there would count twice; settle the boundary first",
    ),
    # account
    "account_geometry_missing": ("没有几何图形", "no geometry"),
    "account_geometry_empty": ("几何图形为空", "empty geometry"),
    "account_geometry_not_finite": ("坐标不是数", "coordinates that are no numbers"),
    "account_geometry_type": ("几何类型与图层不符", "a kind of geometry that the layer does not use"),
    "account_geometry_collapsed": ("几何图形没有面积或长度", "geometry without area or length"),
    "account_coordinates": ("坐标超出范围", "coordinates out of range"),
    "account_collection_opened": (
        "几何集合，只取其中适用的部分",
        "a collection, of which the fitting parts were taken",
    ),
    "account_ring_repaired": (
        "面的边线有误，已修复（两种读法的面积、位置）",
        "a wrongly drawn ring was mended (area as drawn / as mended, place)",
    ),
    "account_ring_unclear": (
        "面的边线有误，两种读法面积相差超过 1%",
        "a wrongly drawn ring whose two readings differ by more than 1 % in area",
    ),
    "account_footprint_collapsed": ("楼栋轮廓没有面积，按点保留", "a footprint without area, kept as a point"),
    "account_points_joined": ("多个点合并为其中心", "several points, joined in their middle"),
    "account_outside": ("位于所有社区之外（或大半在外）", "outside all communities, or for the most part"),
    "account_text_repaired": ("文本中的控制字符已替换", "control characters in a text were replaced"),
    "account_number_unreadable": ("无法识别的数，按不详处理", "a number that cannot be read, taken as unknown"),
    "account_id_made": ("没有编号，已按位置编号", "no id; one was made by place"),
    "account_households_unknown": ("户数不详", "households unknown"),
    "account_households_from_units": ("户数由各单元相加", "households summed from units"),
    "account_households_estimated": ("户数按建筑面积估算", "households estimated from floor area"),
    "account_load_read": ("另计负荷（详情为算法）", "a load besides households was read (detail: how)"),
    "account_load_missing": ("该项负荷不详（详情为其名称）", "a load is unknown (detail: which)"),
    "account_units_differ": (
        "单元户数表的单元个数与楼栋的单元数不同，拆分时以表为准；请核对（详情为表中个数 / 楼栋单元数）",
        "the table of units lists another number of units than the building states; if it is cut, the table counts; "
        "correct one of them (detail: in the table / stated)",
    ),
    "account_unit_sums_differ": (
        "单元户数之和与楼栋户数不同，以楼栋户数为准，按单元户数的比例分摊；请核对（详情为单元之和 / 楼栋户数）",
        "the households of the units sum to another figure than the building's; the building's counts, and is shared out "
        "in proportion to the units' if it is cut; correct one of them (detail: sum of the units / the building's)",
    ),
    "account_unit_incomplete": ("缺少楼栋或单元", "no building, or no unit"),
    "account_unit_unknown_building": ("没有这栋楼", "a building that is not there"),
    "account_code_placeholder": (
        "没有有效的统一编码，使用占位编码（详情为原值）",
        "no valid code, so a placeholder (detail: what stood there)",
    ),
    "account_level_not_used": ("属于未采用的层级", "of a level that is not used"),
    "account_overlap_cut": ("与相邻社区的细小重叠已切除", "a sliver that another community claims was cut off"),
    "account_gap_joined": (
        "端点与邻近的线或轮廓之间的缺口已接上（详情为缺口宽度、位置）",
        "an end that just missed another line or outline was led to it (detail: metres, place)",
    ),
    "account_institution_same": (
        "与另一个同类机构或 institutions 图层中的机构是同一处，不再选取（详情为后者）",
        "an institution picked by class that is in the place of another of its class, or of the layer institutions, and not picked "
        "again (detail: which)",
    ),
    "account_footprint_small": (
        "楼栋轮廓不足 4 平方米，照常保留（详情为面积）",
        "a footprint under 4 m2, kept like any other (detail: area)",
    ),
}
