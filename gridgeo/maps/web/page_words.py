"""What a page says in both languages, as plain text: its script puts it in as text, and fills in the values in braces."""

from __future__ import annotations

from collections.abc import Callable

from gridgeo.maps.web.number_streams import shown
from gridgeo.maps.web.page_subject import Subject
from gridgeo.messages import LANGS, Lang, Text, catalogue, has_text, say
from gridgeo.model import DEDICATED, Report, different_buildings, limits_met

_NAMES = 3
"""Communities whose names stand in the title."""

_REASONS = (
    "map_area",
    "map_building",
    "map_buildings",
    "map_code",
    "map_households",
    "map_id",
    "map_kind",
    "map_message",
    "map_name",
    "map_rule",
    "map_unit",
    "kind_dedicated",
    "severity_error",
    "severity_warning",
    "severity_note",
    "role_streets",
    "page_above",
    "page_back",
    "page_below",
    "page_close",
    "page_drawing",
    "page_fit",
    "page_greys",
    "page_hint",
    "page_keys",
    "page_language",
    "page_legend",
    "page_limits",
    "page_map",
    "page_more",
    "page_neighbours",
    "page_next",
    "page_north",
    "page_nothing",
    "page_old",
    "page_over_all",
    "page_part_of",
    "page_parts",
    "page_print",
    "page_search",
    "page_unknown",
    "page_unmet",
    "page_within",
    "page_zoom_in",
    "page_zoom_out",
)


def both(words: Callable[[Lang], str]) -> dict[str, str]:
    """Words in each language."""
    return {lang: words(lang) for lang in LANGS}


def page_texts(lang: Lang) -> dict[str, str]:
    """Texts of the page by reason, with their braces."""
    return {reason: catalogue()[reason][lang] for reason in _REASONS}


def tier_title(name: str, lang: Lang) -> str:
    """A tier by the name that planners use."""
    return say(f"tier_{name}").render(lang) if has_text(f"tier_{name}") else shown(name)


def page_title(subject: Subject, lang: Lang) -> str:
    """Names of the communities, and what this is."""
    communities = subject.layers.get("communities")
    rows = [] if communities is None else communities["name"].items()
    names = [shown(name) or shown(code) for code, name in rows]
    joined = "、".join(names[:_NAMES]) + ("…" if len(names) > _NAMES else "")
    return f"{joined} {say('page_title').render(lang)}".strip()


def head_lines(subject: Subject, report: Report | None, lang: Lang) -> list[str]:
    """Number of zones of each tier, households, buildings, state of the check."""
    lines = [_tier_line(subject, depth, lang) for depth in range(len(subject.tiers))]
    sums = subject.tiers[0][["households", "n_unknown"]].sum()
    held: list[Text] = [say("page_households", n=int(sums["households"]))]
    if subject.members is not None:
        held.append(say("page_buildings", n=different_buildings(subject.members, subject.tiers[-1].index)))
    lines.append(" · ".join(text.render(lang) for text in held))
    if sums["n_unknown"]:
        lines.append(say("page_unknown", n=int(sums["n_unknown"])).render(lang))
    if report is not None:
        lines += [text.render(lang) for text in report.headline]
        limits = () if report.counted is None else limits_met(report.counted)
        lines += [tier.words.render(lang) for tier in limits if tier.judged]
    return lines


def _tier_line(subject: Subject, depth: int, lang: Lang) -> str:
    zones = subject.tiers[depth]
    dedicated = int((zones["kind"] == DEDICATED).sum())
    part = f" ({say('page_dedicated', n=dedicated).render(lang)})" if dedicated else ""
    return f"{tier_title(subject.names[depth], lang)} {len(zones)}{part}"
