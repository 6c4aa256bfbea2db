"""How each layer of a file of gridgeo looks in QGIS: outlines of coarse zones over filled fine ones, the rest as quiet context."""

from __future__ import annotations

from collections.abc import Iterator

from gridgeo.messages import Lang, catalogue, has_text, say
from gridgeo.model import COMMUNITY_DIGITS, SEVERITIES, Scheme
from gridgeo.style.palette import FILLS
from gridgeo.style.qml import Kind, LabelLook, LayerLook
from gridgeo.style.strokes import (
    BUILDING_ON_ZONE,
    ROLE_STROKES,
    SEVERITY_STROKES,
    STREET_EDGE,
    TIER_LINE,
    Stroke,
    tier_weight,
)

COLOUR = "colour"
"""Column of a tier with the fill of each zone."""

GROUPS = ("faults", "borders", "places", "lines", "zones", "ground", "hidden", "tables")
"""Headings of a project, from above to below."""

_TURN = 8_000
"""Scale denominator at which labels of the finest zones give way to those of coarser ones."""
_NEAR = 5_000
"""Scale denominator up to which names of streets and rules are shown."""
_SEE_THROUGH = 70
"""Fill of faults, of 255."""

_RULE = "rule_"
"""Beginning of the reasons of rules' names in the catalogue."""
_LINES = ("streets", "railways", "waterways", "barriers", "links")
_QUIET = Stroke("#b0b0b0", 0.3)
_OWN_STROKES = {
    "institutions": Stroke("#7b3f99", 1.0, None, (3, 2)),
    "buildings_read": Stroke("#b0a99f", 0.3, None, (2, 2)),
    "cells": _QUIET,
    "pois": Stroke("#5b6c9e", 0.4, "#8ea1d6"),
    "links": Stroke("#2a9d5c", 1.2),
}
"""Of layers that only QGIS shows."""

_GROUP_OF = {
    "borders": ("communities",),
    "places": ("institutions", "buildings"),
    "lines": ("streets", "railways", "waterways", "barriers", "compounds", "water"),
    "ground": ("landuse",),
    "hidden": ("links", "pois", "buildings_read", "cells"),
}
"""Heading -> layers, from above to below."""

TABLES = ("notes", "registry", "account")
"""Tables that people read, beside the layers."""


def layer_looks(scheme: Scheme | None = None, *, lang: Lang = "zh") -> dict[str, LayerLook]:
    """How layers look, by their names, from above to below: faults, tiers of a scheme, the site's layers, tables."""
    looks = {"faults": _faults(lang)}
    looks |= {name: _context(name, group, lang) for group, names in _GROUP_OF.items() for name in names}
    looks |= {name: LayerLook(_title(f"qgis_{name}", name, lang), _title("qgis_tables", "", lang)) for name in TABLES}
    looks |= dict(_tiers(scheme, lang)) if scheme is not None else {}
    order = {say(f"qgis_{group}").render(lang): at for at, group in enumerate(GROUPS)}
    return dict(sorted(looks.items(), key=lambda item: order[item[1].group]))


def _tiers(scheme: Scheme, lang: Lang) -> Iterator[tuple[str, LayerLook]]:
    for depth, name in enumerate(scheme.names):
        finest = depth == len(scheme) - 1
        group = _title("qgis_zones" if finest else "qgis_borders", "", lang)
        stroke = Stroke(TIER_LINE, tier_weight(depth, len(scheme)), FILLS[0] if finest else None)
        fill = f"coalesce(\"{COLOUR}\", '{FILLS[0]}')" if finest else ""
        label = _zone_label(scheme, depth, lang)
        yield name, LayerLook(_title(f"tier_{name}", name, lang), group, (stroke,), fill_expression=fill, label=label)


def _zone_label(scheme: Scheme, depth: int, lang: Lang) -> LabelLook:
    """Short code, the digits of each tier without zeros that only fill up, and households; a name where nobody lives."""
    ends = [scheme.digits(name) for name in scheme.names[: depth + 1]]
    starts = [COMMUNITY_DIGITS, *ends]
    parts = [f'substr("code", {start + 1}, {end - start})' for start, end in zip(starts, ends, strict=False)]
    code = f"array_to_string(array_filter(array({', '.join(parts)}), to_int(@element) > 0), '-')"
    held = say("sheet_households_short", n="' || \"households\" || '").render(lang)
    told = f"""if("households" > 0, '\\n{held}', coalesce('\\n' || "name", ''))"""
    near, far = (1, _TURN) if depth == len(scheme) - 1 else (_TURN, 200_000)
    if len(scheme) == 1:
        far = 200_000
    return LabelLook(f"{code} || {told}", 8 if near == 1 else 10, near, far)


def _context(name: str, group: str, lang: Lang) -> LayerLook:
    stroke = {**ROLE_STROKES, **_OWN_STROKES, "buildings": BUILDING_ON_ZONE}[name]
    strokes: tuple[Stroke, ...] = (stroke,)
    if name == "streets":  # they are white, and would be lost on light fills
        strokes = (stroke._replace(line=STREET_EDGE, weight=stroke.weight + 0.6), stroke)
    label = LabelLook('"name"', 6.5, farthest=_NEAR, along=True) if name == "streets" else None
    title = _title(f"qgis_{name}", name, lang) if has_text(f"qgis_{name}") else _title(f"role_{name}", name, lang)
    kind: Kind = "line" if name in _LINES else "marker" if name == "pois" else "fill"
    heading = _title(f"qgis_{group}", group, lang)
    return LayerLook(title, heading, strokes, label=label, shown=group != "hidden", kind=kind)


def _faults(lang: Lang) -> LayerLook:
    """Faults by severity; their rules are named where there is room."""
    strokes = {name: SEVERITY_STROKES[name]._replace(fill=None) for name in SEVERITIES}
    strokes["error"] = SEVERITY_STROKES[
        "error"
    ]  # what is less grave is outlined only, or it would hide what it is about
    # Severities in the order of letters: the gravest is the first, and lies on top.
    by_value = {name: (say(f"severity_{name}").render(lang), strokes[name]) for name in SEVERITIES}
    title = say("qgis_faults").render(lang)
    label = LabelLook(_rule_words(lang), 7, farthest=_NEAR)
    return LayerLook(
        title, title, by_value=by_value, column="severity", last_first=True, label=label, alpha=_SEE_THROUGH
    )


def _rule_words(lang: Lang) -> str:
    """Expression for the name of a fault's rule."""
    named = {
        reason.removeprefix(_RULE): texts[lang] for reason, texts in catalogue().items() if reason.startswith(_RULE)
    }
    words = ", ".join(f"'{rule}', '{name}'" for rule, name in sorted(named.items()))
    return f'coalesce(map_get(map({words}), "rule"), "rule")'


def _title(reason: str, otherwise: str, lang: Lang) -> str:
    return say(reason).render(lang) if has_text(reason) else otherwise
