"""A folium map that stands on its own: Leaflet inlined, no jQuery, no fonts, no tiles, fixed ids."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from jinja2 import Template

from gridgeo.maps.web.layer_data import PageLayer
from gridgeo.maps.web.safe_text import script_json, with_policy

_HERE = Path(__file__).parent
_NO_ADDRESSES = (
    ("https://leafletjs.com", ""),
    ("http://www.w3.org/2000/svg", 'http:"+"//www.w3"+".org/2000/svg'),
    ("//# sourceMappingURL=leaflet.js.map", ""),
)
"""Leaflet names its home page, its map of sources and the name space of SVG; a page of gridgeo holds no address at all."""


class PlanPage(Figure):  # type: ignore[misc]  # branca has no types
    """The page round a map. Until somebody adds something, a policy forbids it to ask any host for anything."""

    def render(self, **kwargs: Any) -> str:
        """HTML of the page."""
        html: str = super().render(**kwargs)
        own = all(isinstance(child, PlanMap) and child.is_untouched for child in self._children.values())
        return with_policy(html) if own else html


class PlanMap(folium.Map):  # type: ignore[misc]  # folium has no types
    """A map without tiles whose parts travel with it; otherwise a `folium.Map` to which anything can be added."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (folium's own attribute, emptied)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, title: str, **options: Any) -> None:
        super().__init__(tiles=None, prefer_canvas=True, **options)
        self._id = "gridgeo"
        self._own: frozenset[str] = frozenset()
        self._last: tuple[str, ...] = ()
        self.options |= {"maxZoom": 22, "zoomSnap": 0.25, "attributionControl": False}
        PlanPage(title=title).add_child(self)

    @property
    def is_untouched(self) -> bool:
        """Whether the map holds only what gridgeo put in."""
        return self._own >= self._children.keys()

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


class DataLayer(Layer):  # type: ignore[misc]  # folium has no types
    """A layer of the plan, drawn by the page's own script."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = gridgeo.layer({{ this._parent.get_name() }}, {{ this.json }});"
        "{% if this.show %}{{ this.get_name() }}.addTo({{ this._parent.get_name() }});{% endif %}"
        "{% endmacro %}"
    )

    def __init__(self, layer: PageLayer) -> None:
        super().__init__(name=layer.title, overlay=True, control=True, show=layer.show)
        self._name, self._id = "Plan", layer.key
        self.json = script_json(layer.data)

    def render(self, **kwargs: Any) -> None:
        """Put the layer into the page; folium's own way adds one more part, under a random name, each time a page is rendered."""
        MacroElement.render(self, **kwargs)


class Finish(MacroElement):  # type: ignore[misc]  # branca has no types
    """Legend, and the layer control unfolded where there is room."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "gridgeo.finish({{ this._parent.get_name() }}, {{ this.control }}, {{ this.json }});"
        "{% endmacro %}"
    )

    def __init__(self, control: str, legend: str) -> None:
        super().__init__()
        self._name, self._id = "Finish", "gridgeo"
        self.control, self.json = control, script_json(legend)


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
        "gridgeo_js": f"<script>{_read('page.js')}</script>",
    }


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
