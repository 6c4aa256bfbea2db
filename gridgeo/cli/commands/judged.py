"""What check, map and atlas are given: a plan, or a drawing and the place that it divides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gridgeo.cli.commands.products import Mapped
from gridgeo.cli.options import DRAWN, columns_of, layers_named, scheme_of, site_of
from gridgeo.files import layers_of, read_saved_site

if TYPE_CHECKING:
    from gridgeo.messages import Lang
    from gridgeo.model import Plan, Report, Roster, Site, Zones
    from gridgeo.progress import Tell

_WHOLE = frozenset({"cells", "buildings", "communities", "scheme", "registry"})
"""Layers that make a file a plan."""


class Judged(NamedTuple):
    """A plan or a drawing, and what it is held against."""

    zones: Zones
    """As its layers say."""
    plan: Plan | None
    """As its cells say; None for a drawing."""
    site: Site | None
    own_codes: bool

    def report(
        self, lang: Lang | None, progress: Tell, *, roster: Roster | None = None, staffing: str | None = None
    ) -> Report:
        """Findings, in the language of what is written to files."""
        from gridgeo.checks import check

        options: dict[str, Any] = {"own_codes": self.own_codes, "lang": lang or "zh", "progress": progress}
        return check(self.zones, self.site, cells=self.plan, roster=roster, staffing=staffing, **options)


def read_judged(paths: tuple[str, ...], options: dict[str, Any], progress: Tell) -> Judged:
    """Read a plan or a drawing, which may have several files, as the options say."""
    from gridgeo.files import read_zones

    scheme = scheme_of(options) if options["preset"] or options["tiers"] else None
    columns = columns_of(options["columns"]).get(DRAWN)
    zones = read_zones(paths, layers=layers_named(options["tier_layers"]), columns=columns, scheme=scheme)
    plan = _plan_in(paths)
    return Judged(zones, plan, _site_for(paths[0], plan, options, progress=progress), options["codes"] == "own")


def read_mapped(
    paths: tuple[str, ...], options: dict[str, Any], *, checked: bool, lang: Lang | None, progress: Tell
) -> Mapped:
    """Read what a map shall show; a drawing is checked, since the check counts what its zones hold."""
    from gridgeo.checks import check

    plan = _plan_in(paths)
    if plan is not None:
        return Mapped(plan, report=check(plan, lang=lang or "zh", progress=progress) if checked else None)
    judged = read_judged(paths, options, progress)
    return Mapped(judged.zones, judged.site, judged.report(lang, progress))


def _plan_in(paths: tuple[str, ...]) -> Plan | None:
    """The plan in a file; None if it holds a drawing."""
    from gridgeo.model import Plan

    return Plan.load(paths[0]) if len(paths) == 1 and set(layers_of(Path(paths[0]))) >= _WHOLE else None


def _site_for(path: str, held: Plan | None, options: dict[str, Any], *, progress: Tell) -> Site | None:
    """The site that zones are held against: the one asked for, else the one in the file, if there is one."""
    if options["site"] or any(value for name, value in options.items() if name.startswith("layer_")):
        return site_of(options["site"], options, progress)
    return read_saved_site(Path(path)) if held is None else held.site
