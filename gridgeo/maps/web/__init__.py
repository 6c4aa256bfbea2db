"""The map on screen: one HTML file that works without a network.

Steps
-----
safe_text
    The one way by which text enters a page.
layer_data
    What each layer holds: shapes, look and declared columns.
folium_parts
    The page that draws it, with everything that it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridgeo.maps.web.layer_data import bounds, page_layers, tier_title
from gridgeo.maps.web.safe_text import esc
from gridgeo.messages import Lang, say
from gridgeo.model import DEDICATED, Plan, Report, refuse_no_plan

if TYPE_CHECKING:
    import folium

__all__ = ["explore", "page_html"]

_NAMES = 3
"""Communities whose names stand in the legend."""


def explore(plan: Plan, report: Report | None = None, *, lang: Lang = "zh") -> folium.Map:
    """A map of a plan to look at, to click on, to send on: zones, buildings, streets, and the faults of a report.

    The page asks no host for anything: no tiles, no scripts, no fonts. Only these columns are in it: of zones code, kind, name,
    households, number of buildings, area; of buildings id, name, unit, households, code; of faults rule and message. No text can
    run as a script. The same plan gives the same bytes.

    Parameters
    ----------
    report
        Findings to mark.
    lang
        Language of titles and legend.

    Returns
    -------
    map
        A `folium.Map`, to which anything can be added; what is added then is up to who adds it.
    """
    from gridgeo.maps.web import folium_parts

    refuse_no_plan(plan)
    title = _title(plan, lang)
    found = folium_parts.PlanMap(title)
    for layer in page_layers(plan, report, lang):
        found.add_child(folium_parts.DataLayer(layer), name=layer.key)
    control = folium_parts.layer_control()
    found.add_child(control, name="control")
    found.add_child(folium_parts.Finish(control.get_name(), _legend(plan, report, title, lang=lang)), name="finish")
    found.fit_bounds(bounds(plan), padding=(12, 12))
    found.seal("control", "finish")
    return found


def page_html(page: folium.Map) -> str:
    """The whole page as text."""
    return str(page.get_root().render())


def _title(plan: Plan, lang: Lang) -> str:
    communities = plan.site.communities
    names = [name if isinstance(name, str) else code for code, name in communities["name"].items()]
    joined = "、".join(map(str, names[:_NAMES])) + ("…" if len(names) > _NAMES else "")
    return esc(f"{joined} {say('page_title').render(lang)}")


def _legend(plan: Plan, report: Report | None, title: str, *, lang: Lang) -> str:
    """Title, number of zones of each tier, households, buildings, state of the check."""
    lines = [_tier_line(plan, name, lang) for name in plan.scheme.names]
    first = plan.zones(plan.scheme.names[0])
    households = _words(lang, "page_households", n=int(first["households"].sum()))
    lines.append(f"{households} · {_words(lang, 'page_buildings', n=plan.buildings['id'].nunique())}")
    unknown = int(first["n_unknown"].sum())
    if unknown:
        lines.append(_words(lang, "page_unknown", n=unknown))
    if report is not None:
        lines.append(_words(lang, "page_state", state=say(f"state_{report.state}")))
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f'<h1>{title}</h1>{body}<p class="quiet">{_words(lang, "page_hint")}</p>'


def _tier_line(plan: Plan, name: str, lang: Lang) -> str:
    zones = plan.zones(name)
    dedicated = int((zones["kind"] == DEDICATED).sum())
    part = f" ({_words(lang, 'page_dedicated', n=dedicated)})" if dedicated else ""
    return f"{tier_title(name, lang)} {len(zones)}{part}"


def _words(lang: Lang, reason: str, **values: object) -> str:
    return esc(say(reason, **values).render(lang))
