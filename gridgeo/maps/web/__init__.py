"""The map on screen: one HTML file that works without a network.

Steps
-----
page_subject
    What is drawn: tiers of zones, pieces of land, members, layers.
page_words
    What the page says, in both languages.
web_plane
    The plane of the page.
drawn_shapes, number_streams
    Shapes become streams of numbers, packed small.
page_chunks
    The data of the page.
safe_text
    Text in its HTML.
folium_parts
    The page that draws it, with everything that it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gridgeo.maps.web.page_chunks import STEPS, chunk_texts, chunks_of
from gridgeo.maps.web.page_subject import Subject, subject_of
from gridgeo.maps.web.page_words import head_lines, page_title, tier_title
from gridgeo.maps.web.safe_text import esc
from gridgeo.maps.web.web_plane import plane_of
from gridgeo.messages import LANGS, Lang, say
from gridgeo.model import SEVERITIES, Plan, Report, Site, Zones
from gridgeo.progress import Tell, told

if TYPE_CHECKING:
    import folium

    from gridgeo.maps.web.folium_parts import Part

__all__ = ["explore", "page_html"]

_GROUND = ("water", "waterways", "streets", "railways", "barriers", "compounds")
_HIDDEN = ("barriers", "compounds")
"""Parts that are switched off at first."""


def explore(
    drawn: Plan | Zones,
    report: Report | None = None,
    *,
    site: Site | None = None,
    lang: Lang = "zh",
    tiles: str | None = None,
    progress: Tell | None = None,
) -> folium.Map:
    """A map of a plan to look at, to click on, to search, to print, to send on, with the faults of a report.

    The page asks no host for anything: no tiles, no scripts, no fonts. Only these columns are in it: of zones code, kind, name,
    households and other loads that are limited, number of buildings, area; of buildings id, name, unit, households, zone; names of
    streets; of faults rule, code and message. No text can run as a script. The same plan gives the same bytes.

    Parameters
    ----------
    drawn
        A plan, or zones of a drawing (`read_zones`), preferably with the report of their check, which counted what they hold.
    report
        Findings to mark.
    lang
        Language in which the page opens; it speaks both.
    tiles
        Address of an office's own map of tiles, with ``{z}``, ``{x}`` and ``{y}``, to lie below the zones. The page then asks this
        host, and no other.
    progress
        Called with each step; left out, a notebook or a prompt shows a line with the time left.

    Returns
    -------
    map
        A `folium.Map`, to which anything can be added; what is added then is up to who adds it.

    Raises
    ------
    InputError
        If `drawn` is neither a plan nor zones, or `tiles` no address of tiles.
    """
    from gridgeo.maps.web import folium_parts

    with told(progress) as tell:
        tell(say("step_chunk", k=1, n=STEPS))
        subject = subject_of(drawn, report, site)
        chunks = chunks_of(subject, plane_of(subject.tiers[-1].crs, subject.tiers[-1].total_bounds), report, tell=tell)
    chunks["first"].values |= {
        "lang": lang,
        "head": {lang: [page_title(subject, lang), *head_lines(subject, report, lang)] for lang in LANGS},
        "parts": {lang: {part.key: part.title for part in _parts(subject, report, lang)} for lang in LANGS},
    }
    data = folium_parts.PageData(lang, _head(subject, report, lang), list(chunk_texts(chunks)))
    found = folium_parts.PlanMap(esc(page_title(subject, lang)), data)
    if tiles is not None:
        found.add_child(folium_parts.ground_tiles(tiles), name="tiles")
    for part in _parts(subject, report, lang):
        found.add_child(folium_parts.PartLayer(part), name=part.key)
    control = folium_parts.layer_control()
    found.add_child(control, name="control")
    found.add_child(folium_parts.Finish(control.get_name()), name="finish")
    found.fit_bounds(_bounds(subject))
    found.seal("control", "finish")
    return found


def page_html(page: folium.Map) -> str:
    """The whole page as text."""
    return str(page.get_root().render())


def _head(subject: Subject, report: Report | None, lang: Lang) -> str:
    """Title and sums as HTML: they stand there before the script runs, and where none can."""
    body = "".join(f"<p>{esc(line)}</p>" for line in head_lines(subject, report, lang))
    old = f'<p id="gridgeo-old" hidden>{esc(say("page_old").render(lang))}</p>'
    return f'<div id="gridgeo-head"><h1>{esc(page_title(subject, lang))}</h1>{body}{old}</div>\n'


def _parts(subject: Subject, report: Report | None, lang: Lang) -> Iterator[Part]:
    """What can be switched on and off, from what is drawn first to what is drawn last."""
    from gridgeo.maps.web.folium_parts import Part

    for name in subject.names:
        yield Part(name, tier_title(name, lang))
    for role in _GROUND:
        if len(subject.layers.get(role, ())):
            yield Part(role, say(f"role_{role}").render(lang), show=role not in _HIDDEN)
    if subject.members is not None:
        yield Part("buildings", say("role_buildings").render(lang))
        yield Part("communities", say("role_communities").render(lang))
    if report is not None:
        placed = report.findings[~(report.findings.geometry.isna() | report.findings.geometry.is_empty)]
        for severity in reversed(SEVERITIES):
            if (placed["severity"] == severity).any():
                title = say("map_faults", severity=say(f"severity_{severity}")).render(lang)
                yield Part(f"faults_{severity}", title, show=severity != "note")


def _bounds(subject: Subject) -> list[list[float]]:
    """South-west and north-east corner [degrees]."""
    west, south, east, north = subject.tiers[-1].geometry.to_crs("EPSG:4326").total_bounds
    return [[float(south), float(west)], [float(north), float(east)]]
