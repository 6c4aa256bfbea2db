"""Texts of weighing plans against each other: reason -> (Chinese, English)."""

TEXTS: dict[str, tuple[str, str]] = {
    "step_variant": ("试第 {k} 个方案，共 {n} 个（{prefer}）", "trying division {k} of {n} ({prefer})"),
    "step_weigh": ("比较方案", "weighing the plans"),
    "weigh_tier": ("网格级", "tier"),
    "weigh_plan": ("方案", "plan"),
    "weigh_zones": ("网格数", "zones"),
    "weigh_dedicated": ("其中专属网格", "of them dedicated"),
    "weigh_within": ("户数在限值内的网格 [%]", "zones within limits [%]"),
    "weigh_smallest": ("最小网格 [户]", "smallest [households]"),
    "weigh_median": ("中位网格 [户]", "median [households]"),
    "weigh_largest": ("最大网格 [户]", "largest [households]"),
    "weigh_deviation": ("与目标户数的平均偏差 [%]", "mean deviation from target [%]"),
    "weigh_compactness": ("平均紧凑度 [0-1]", "mean compactness [0-1]"),
    "weigh_followed": ("内部界线沿道路、铁路、水系的比例 [%]", "inner borders along streets, railways, water [%]"),
    "weigh_compounds": ("被分开的小区（院落）数", "compounds divided"),
    "weigh_across": ("被围墙、铁路、河流等隔断的网格数", "zones cut by a wall, railway, motorway or river"),
    "weigh_walk": ("网格内最长步行距离 [米]", "longest walk inside a zone [m]"),
    "weigh_difference": ("与第一个方案分法不同的户 [%]", "differs from the first plan [% of households]"),
    "weigh_nothing_common": (
        "两个方案没有共同的楼栋，土地也不重叠，无法比较；请给出同一地方的方案",
        "the two plans have no building in common and their land does not overlap, so they cannot be compared; give plans of one place",
    ),
    "weigh_no_common_tier": (
        "两个方案没有同名的网格级（{one}；{other}），无法比较；请用级名相同的方案",
        "the two plans have no tier of the same name ({one}; {other}), so they cannot be compared; use schemes whose tiers are named alike",
    ),
    "weigh_number": ("方案个数应大于 0，现为 {n}", "the number of plans must be above 0, not {n}"),
    "weigh_apart": ("方案之间的最小差异应在 0 至 1 之间，现为 {apart}", "plans can be 0 to 1 apart, not {apart}"),
    "weigh_no_plans": ("没有可比较的方案；请至少给出一个", "there are no plans to compare; give one at least"),
    "weigh_names": (
        "{plans} 个方案需要 {plans} 个互不相同的名称，现有：{names}",
        "{plans} plans need {plans} different names, not: {names}",
    ),
    "sketch_sizes": ("{n} 个{tier}，每格 {low}-{high} 户", "{n} x {tier}, {low}-{high} households each"),
    "sketch_empty": ("{n} 个{tier}", "{n} x {tier}"),
    "sketch_difference": ("{share}% 的户与 {name} 分法不同", "differs from {name} by {share}% of households"),
}
