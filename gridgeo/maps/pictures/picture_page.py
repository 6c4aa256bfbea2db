"""Axes with a title, a north arrow and a scale bar, and the picture's bytes."""

from __future__ import annotations

import io
from math import floor, log10, sqrt
from typing import TYPE_CHECKING, Literal

from gridgeo.maps.pictures.axes_drawing import draw_ground
from gridgeo.maps.pictures.axes_labels import draw_labels, drawable, letters
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import Plan, refuse_no_plan
from gridgeo.style import BLACK, WHITE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RIM = 0.04
"""Share of the ground left free at each side."""
_DOTS = 300
"""Of a picture made of dots [1/inch]."""
_SIDE, _LEAST, _MOST, _ZONES = 8.0, 7.0, 24.0, 60
"""Longer side of a picture that shows so many zones, and its least and greatest length [inch]."""
_BAR = 0.2
"""Longest scale bar, as a share of the picture's width."""


def draw(plan: Plan, tier: str | None = None, *, ax: Axes | None = None, lang: Lang = "zh") -> Axes:
    """Draw a plan with matplotlib: zones with their codes and households, buildings, streets, water.

    Parameters
    ----------
    tier
        Tier to draw; the finest if left out. Borders of coarser tiers are drawn stronger.
    ax
        Axes to draw on; a new figure, as large as the number of zones wants it, if left out.
    lang
        Language of title and labels.

    Returns
    -------
    ax
        Its data are metres in the reference system of the plan, so that anything else can be drawn on it.

    Raises
    ------
    InputError
        If this is no plan, or there is no such tier.
    """
    refuse_no_plan(plan)
    tier = tier or plan.scheme.names[-1]
    plan.scheme.tier(tier)
    if ax is None:
        from matplotlib import pyplot as plt

        ax = plt.figure(figsize=_figure_size(plan, tier), layout="constrained").add_subplot()
    _frame(ax, plan)
    draw_ground(ax, plan, tier)
    draw_labels(ax, plan, tier, points_a_metre=_points_a_metre(ax), lang=lang)
    ax.set(xlabel="", ylabel="")  # geopandas names the axes of metres, which are not shown
    ax.set_title(drawable(_title(plan, tier, lang)), fontproperties=letters(12))
    _draw_north(ax, lang)
    _draw_scale(ax)
    return ax


def picture(plan: Plan, tier: str | None, kind: Literal["png", "svg"], *, lang: Lang = "zh") -> bytes:
    """The picture of a plan as the bytes of a file, the same for the same plan."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=_figure_size(plan, tier or plan.scheme.names[-1]), layout="constrained")
    draw(plan, tier, ax=figure.add_subplot(), lang=lang)
    file = io.BytesIO()
    silent = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context({"svg.hashsalt": "gridgeo"}):
        # tight, since a layout that keeps the plan's proportions does not make room for two lines of title
        figure.canvas.print_figure(file, format=kind, dpi=_DOTS, metadata=silent, bbox_inches="tight", pad_inches=0.1)
    return file.getvalue()


def _figure_size(plan: Plan, tier: str) -> tuple[float, float]:
    """Width and height [inch]: of the shape of the place, and the larger, the more zones there are."""
    west, south, east, north = plan.site.communities.total_bounds
    longer = min(max(_SIDE * sqrt(len(plan.zones(tier)) / _ZONES), _LEAST), _MOST)
    share = longer / max(east - west, north - south)
    return max((east - west) * share, longer / 3), max((north - south) * share, longer / 3) + 0.4


def _frame(axes: Axes, plan: Plan) -> None:
    """Show the whole place, a metre as long in both directions, without scales at its sides."""
    west, south, east, north = plan.site.communities.total_bounds
    rim = _RIM * max(east - west, north - south)
    axes.set_xlim(west - rim, east + rim)
    axes.set_ylim(south - rim, north + rim)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])


def _points_a_metre(axes: Axes) -> float:
    """Length of a metre on the figure [pt]."""
    figure = axes.get_figure(root=True)
    assert figure is not None  # axes that are drawn on have one
    figure.draw_without_rendering()
    west, east = axes.get_xlim()
    return float(axes.get_window_extent().width / figure.dpi * 72 / (east - west))


def _title(plan: Plan, tier: str, lang: Lang) -> str:
    names = [str(name) for name in plan.site.communities["name"].dropna()] or list(plan.site.communities.index)
    overview = "sheet_overview" if len(names) == 1 else "sheet_all"
    zones = plan.zones(tier)
    words = say(f"tier_{tier}").render(lang) if has_text(f"tier_{tier}") else tier
    told = {"tier": words, "zones": len(zones), "households": int(zones["households"].fillna(0).sum())}
    title = say(overview, name=names[0], n=len(names)).render(lang)
    return title + "\n" + say("picture_counts", **told).render(lang)


def _draw_north(axes: Axes, lang: Lang) -> None:
    """A sign in the upper right corner, as large on a large picture as on a small one."""
    word = drawable("▲\n" + say("sheet_north").render(lang))
    sign = axes.annotate(word, (1, 1), (-16, -18), xycoords="axes fraction", textcoords="offset points")
    sign.set(ha="center", va="center", color=BLACK, fontproperties=letters(11))


def _draw_scale(axes: Axes) -> None:
    """A bar of 1, 2 or 5 with zeros metres in the lower left corner."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    most = _BAR * (east - west)
    power = 10 ** floor(log10(most))
    metres = power * max(step for step in (1, 2, 5) if step * power <= most)
    x, y, thick = west + 0.02 * (east - west), south + 0.015 * (north - south), 0.006 * (north - south)
    for part in range(4):
        left = x + part * metres / 4
        fill = WHITE if part % 2 else BLACK
        axes.fill_between([left, left + metres / 4], y, y + thick, facecolor=fill, edgecolor=BLACK, linewidth=0.5)
    axes.text(x + metres, y + 2 * thick, f"{metres:g} m", fontproperties=letters(7), ha="center", va="bottom")
