"""A folium map that stands on its own: Leaflet inlined, no jQuery, no fonts, no tiles, fixed ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from jinja2 import Template

from gridgeo.errors import InputError
from gridgeo.maps.web.safe_text import esc, with_policy
from gridgeo.messages import Lang, say

_HERE = Path(__file__).parent

SCRIPTS = (
    "begin",
    "unpacking",
    "coverage",
    "thinning",
    "tiles",
    "drawing",
    "labels",
    "words",
    "cards",
    "search",
    "panels",
    "printing",
    "address",
    "start",
    "additions",
)
"""Files of the page's script, in the order in which they are joined."""

_NO_ZOOM = ", maximum-scale=1.0, user-scalable=no"
"""What folium forbids to fingers."""

_NO_ADDRESSES = (
    ("https://leafletjs.com", ""),
    ("http://www.w3.org/2000/svg", 'http:"+"//www.w3"+".org/2000/svg'),
    ("//# sourceMappingURL=leaflet.js.map", ""),
)
"""Leaflet names its home page, its map of sources and the name space of SVG; a page of gridgeo holds no address at all."""


class Part(NamedTuple):
    """What can be switched on and off."""

    key: str
    title: str
    show: bool = True


class PageData(NamedTuple):
    """What a page holds besides its code."""

    lang: Lang
    head: str
    """Title and sums, as HTML."""
    chunks: Sequence[tuple[str, str]]
    """Names and packed texts; the first is what the first view needs."""

    def blocks(self) -> list[str]:
        """Each chunk as an element of the page that nothing runs."""
        return [f'<script type="text/plain" id="gridgeo-{name}">{text}</script>\n' for name, text in self.chunks]


class PlanPage(Figure):  # type: ignore[misc]  # branca has no types
    """The page round a map. Until somebody adds something, a policy forbids it to ask any host for anything."""

    def __init__(self, title: str, data: PageData) -> None:
        super().__init__(title=title)
        self.data = data

    def render(self, **kwargs: Any) -> str:
        """HTML of the page: the first chunk stands before the script, so that it is drawn while the others are read."""
        html: str = super().render(**kwargs)
        first, *others = self.data.blocks()
        html = html.replace("<html>", f'<html lang="{self.data.lang}">', 1)
        html = html.replace(_NO_ZOOM, "", 1)
        html = html.replace("<body>", f"<body>\n{self.data.head}{first}", 1)
        html = html.replace("</html>", "".join(others) + "</html>", 1)
        maps = list(self._children.values())
        if not all(isinstance(child, PlanMap) and child.is_untouched for child in maps):
            return html
        return with_policy(html, *(host for child in maps for host in child.hosts))


class PlanMap(folium.Map):  # type: ignore[misc]  # folium has no types
    """A map without tiles whose parts travel with it; otherwise a `folium.Map` to which anything can be added."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (folium's own attribute, emptied)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, title: str, data: PageData) -> None:
        super().__init__(tiles=None, prefer_canvas=True, zoom_control=False)
        self._id = "gridgeo"
        self._own: frozenset[str] = frozenset()
        self._last: tuple[str, ...] = ()
        self.options |= {"maxZoom": 22, "zoomSnap": 0.25, "attributionControl": False}
        PlanPage(title, data).add_child(self)

    @property
    def is_untouched(self) -> bool:
        """Whether the map holds only what gridgeo put in."""
        return self._own >= self._children.keys()

    @property
    def hosts(self) -> list[str]:
        """Who is asked for pictures."""
        return [child.host for child in self._children.values() if hasattr(child, "host")]

    def seal(self, *last: str) -> None:
        """Remember what gridgeo put in, and which parts come after whatever is added later."""
        self._own, self._last = frozenset(self._children), last

    def render(self, **kwargs: Any) -> None:
        """Put the parts into the page."""
        for name in self._last:
            self._children.move_to_end(name)
        header = self.get_root().header
        for name, text in parts().items():
            header.add_child(Element(_raw(text)), name=name)
        super().render(**kwargs)


class PartLayer(Layer):  # type: ignore[misc]  # folium has no types
    """A part of the drawing that can be switched on and off."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = gridgeo.part({{ this._id | tojson }});"
        "{% if this.show %}{{ this.get_name() }}.addTo({{ this._parent.get_name() }});{% endif %}"
        "{% endmacro %}"
    )

    def __init__(self, part: Part) -> None:
        sign = f'<i class="gridgeo-sign" data-part="{part.key}"></i>'
        super().__init__(name=f"{sign}<span>{esc(part.title)}</span>", overlay=True, control=True, show=part.show)
        self._name, self._id = "Plan", part.key

    def render(self, **kwargs: Any) -> None:
        """Put the part into the page; folium's own way adds one more part, under a random name, each time a page is rendered."""
        MacroElement.render(self, **kwargs)


class Finish(MacroElement):  # type: ignore[misc]  # branca has no types
    """Draws, with search, cards and legend, when all else has been put in."""

    _template = Template(
        "{% macro script(this, kwargs) %}gridgeo.finish({{ this._parent.get_name() }}, {{ this.control }});{% endmacro %}"
    )

    def __init__(self, control: str) -> None:
        super().__init__()
        self._name, self._id = "Finish", "gridgeo"
        self.control = control


def ground_tiles(address: str) -> folium.TileLayer:
    """Tiles of an office's own.

    Raises
    ------
    InputError
        If the address is none, or does not say where the numbers of a tile go.
    """
    host = re.match(r"https?://[^/\s'\";]+(?=/)", address)
    if host is None or not all(sign in address for sign in ("{z}", "{x}", "{y}")):
        raise InputError(say("page_tiles", address=address))
    layer = folium.TileLayer(tiles=address, attr=" ", name="tiles", control=False, max_zoom=22, max_native_zoom=18)
    layer._id = "gridgeo"  # noqa: SLF001 (a fixed id in place of a random one)
    layer.host = host[0].replace("{s}", "*")
    return layer


def layer_control() -> folium.LayerControl:
    """The layer control."""
    control = folium.LayerControl(collapsed=True)
    control._id = "gridgeo"  # noqa: SLF001 (a fixed id in place of a random one)
    return control


@cache
def parts() -> dict[str, str]:
    """Styles and scripts of the page, by name, in the order in which they are needed."""
    return {
        "leaflet_css": f"<style>{_leaflet_css()}</style>",
        "gridgeo_css": f"<style>{_read('page.css')}</style>",
        "leaflet_js": f"<script>/*\n{_read('leaflet/LICENSE.txt')}*/\n{_leaflet_js()}</script>",
        "gridgeo_js": f"<script>{page_script()}</script>",
    }


def page_script() -> str:
    """The page's own script: its files, one after the other in one scope, without comments and indents."""
    lines = (line.strip() for name in SCRIPTS for line in _read(f"script/{name}.js").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _leaflet_js() -> str:
    text = _read("leaflet/leaflet.js")
    # In single-quoted markup of Leaflet the name space stands inside a string of the other kind of quotes.
    for address, instead in (('xmlns="http://www.w3.org/2000/svg"', ""), *_NO_ADDRESSES):
        text = text.replace(address, instead)
    return text


def _leaflet_css() -> str:
    """Leaflet's styles without addresses in comments and without its pictures, which stand in the page's own styles."""
    lines = [line for line in _read("leaflet/leaflet.css").splitlines() if "url(" not in line and "://" not in line]
    return "\n".join(lines)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _raw(text: str) -> str:
    """Text that the template engine of branca leaves as it is."""
    return "{% raw %}" + text + "{% endraw %}"
