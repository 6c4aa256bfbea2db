"""Which file and layer holds which role."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from gridgeo.errors import InputError
from gridgeo.files.reading.formats import CONTAINERS, PARQUET, SUFFIXES, is_layer, layer_kinds, layer_names, part_files
from gridgeo.files.reading.reading_log import LAYERS, SITE, LayerLog, ReadingLog
from gridgeo.messages import say
from gridgeo.model import LAYER_NAMES, RESERVED, ROLES, closest, is_own_name, roles_named

_REQUIRED = ("communities", "buildings")
_GPKG = ".gpkg"
_ELSEWHERE = re.compile(r"[/\\:]|\.\w{2,8}$")
"""What is written so is the name of a file, or of something that is not on this machine, and no layer."""


class Source(NamedTuple):
    """Where a layer is read: a file or a folder of parts, and the layer in it if it is a GeoPackage."""

    path: Path
    layer: str | None


class _Offer(NamedTuple):
    """What lies in a file or folder under the name of a role."""

    source: Source
    own: bool
    """Whether it bears the role's own name."""


def find_sources(path: Path | None, layers: Mapping[str, str | Path] | None, log: ReadingLog) -> dict[str, Source]:
    """Role -> source, in the order of roles; what is named in `layers` goes before what lies in `path`.

    Layers that are used for nothing are noted.
    """
    path = _only_package(path)
    given = {}
    for name, value in (layers or {}).items():
        role = role_asked(name)
        given[role] = _given(value, path, log.of(role))
    named = {source for source in given.values() if source is not None}
    lying = [source for source in _lying(path, log) if source not in named]
    offered, others = _by_role(lying, given.keys(), log)
    found = {role: source for role, source in given.items() if source is not None}
    found |= {role: _first_of(offers, log.of(role)) for role, offers in offered.items() if offers}
    there = given.keys() | offered.keys()
    meant = {source: _resembles(source, there) for source in others}
    _require(there, meant, log)
    _note_others(meant, log.of(SITE))
    return {role: found[role] for role in LAYERS if role in found}


def _by_role(
    lying: list[Source], given: AbstractSet[str], log: ReadingLog
) -> tuple[dict[str, list[_Offer]], list[Source]]:
    """What is offered for each role, and what bears the name of none.

    Files of a role that is given otherwise are not looked at, for one may be named because the other is damaged.
    """
    offered: dict[str, list[_Offer]] = {}
    others: list[Source] = []
    for source in lying:
        name = source.path.stem if source.layer is None else source.layer
        roles = roles_named(name)
        if not roles:
            others.append(source)
        elif not given & set(roles):
            role = roles[0] if len(roles) == 1 else _role_by_kind(roles, source)
            whole = source if source.layer else _whole_file(source.path, log.of(role))
            offered.setdefault(role, []).extend([_Offer(whole, is_own_name(name))] if whole else [])
    return offered, others


def _role_by_kind(roles: Sequence[str], source: Source) -> str:
    """The role whose kind of geometry a source holds: 水系 may be polygons or lines."""
    kinds = layer_kinds(source.path, source.layer)
    return next((role for role in roles if role in ROLES and kinds & ROLES[role].shapes), roles[0])


def _first_of(offers: list[_Offer], log: LayerLog) -> Source:
    """The source of a role: that which bears its own name goes before others, which are noted."""
    own = [offer for offer in offers if offer.own] or offers
    if len(own) > 1:
        log.problem("role_twice", names=", ".join(sorted(_label(offer.source) for offer in own)))
    for offer in offers:
        if offer not in own:
            log.noted("layer_second", _label(offer.source))
    return own[0].source


def _only_package(path: Path | None) -> Path | None:
    """The one GeoPackage of a folder in which nothing is named as a role: the folder was named, the file is meant."""
    if path is None or not path.is_dir() or path.suffix.lower() in CONTAINERS:
        return path
    members = _members(path)
    packages = [file for file in members if file.suffix.lower() == _GPKG]
    named = any(roles_named(file.stem) for file in members)
    return packages[0] if len(packages) == 1 and not named else path


def _members(folder: Path) -> list[Path]:
    """What may be a layer: files of a format that is read, and folders that hold or should hold parts of one."""
    return [file for file in sorted(folder.iterdir()) if _is_member(file)]


def _is_member(file: Path) -> bool:
    suffix = file.suffix.lower()
    named = roles_named(file.stem)
    if file.is_file():
        # JSON is the name of many things; what is no role and no layer is nobody's concern.
        return suffix in SUFFIXES and (suffix != ".json" or bool(named) or is_layer(file))
    if suffix in CONTAINERS:
        return True
    named = named if not suffix else ()
    return suffix == PARQUET or bool(named and part_files(file))


def role_asked(name: str) -> str:
    """The role of this name.

    Raises
    ------
    InputError
        If there is none.
    """
    roles = (name,) if name in LAYERS else roles_named(name)
    if not roles:
        raise InputError(say("role_unknown", name=name, known=", ".join((*LAYERS, "boundary"))))
    return roles[0]


def _label(source: Source) -> str:
    return f"{source.path.name}:{source.layer}" if source.layer else source.path.name


def _given(value: str | Path, path: Path | None, log: LayerLog) -> Source | None:
    """Source that is written as FILE, FILE:LAYER, as a layer of `path`, or as a file in the folder `path`."""
    text = str(value)
    if Path(text).is_file() or Path(text).is_dir():
        return _whole_file(Path(text), log)
    file, colon, layer = text.rpartition(":")
    if colon and (Path(file).is_file() or (Path(file).suffix.lower() in CONTAINERS and Path(file).is_dir())):
        return _layer_of(Path(file), layer, log)
    if path is not None and (path / text).is_file():
        return _whole_file(path / text, log)
    if path is not None and path.is_file() and not _ELSEWHERE.search(text):
        return _layer_of(path, text, log)
    log.problem("file_missing", path=text)
    return None


def _layer_of(file: Path, layer: str, log: LayerLog) -> Source | None:
    names = layer_names(file, log)
    if layer in names:
        return Source(file, layer)
    near = difflib.get_close_matches(layer, names, n=1, cutoff=0.4)
    hint = say("load_near", name=near[0]) if near else ""
    log.problem("layer_unknown", path=file.name, name=layer, hint=hint, known=", ".join(names))
    return None


def _whole_file(file: Path, log: LayerLog) -> Source | None:
    """A file that holds one role, or a folder of its parts; of a GeoPackage the only layer, or the one named as the role."""
    if file.is_dir() and file.suffix.lower() not in CONTAINERS:
        return _folder(file, log)
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        log.problem("file_kind", path=file.name, known=" ".join(sorted(SUFFIXES)))
        return None
    if suffix not in CONTAINERS:
        return Source(file, None)
    names = layer_names(file, log)
    mine = [name for name in names if log.role in roles_named(name)] or names
    if len(mine) == 1:
        return Source(file, mine[0])
    if names:
        log.problem("layer_open", path=file.name, known=", ".join(names))
    return None


def _folder(folder: Path, log: LayerLog) -> Source | None:
    if part_files(folder):
        return Source(folder, None)
    log.problem("parts_missing", path=folder.name or folder)
    return None


def _lying(path: Path | None, log: ReadingLog) -> list[Source]:
    """Layers of a GeoPackage, or files of a folder; those that only gridgeo's own plan files hold are left out."""
    if path is None:
        return []
    if path.is_dir() and path.suffix.lower() not in CONTAINERS:
        return [Source(file, None) for file in _members(path)]
    if not path.exists():
        log.of(SITE).problem("site_missing", path=path)
        return []
    if path.suffix.lower() not in CONTAINERS:
        log.of(SITE).problem("site_kind", path=path.name)
        return []
    own = RESERVED - {*LAYERS, "boundary"}
    return [Source(path, name) for name in layer_names(path, log.of(SITE)) if name not in own]


def _require(there: AbstractSet[str], others: Mapping[Source, str | None], log: ReadingLog) -> None:
    if any(problem.layer == SITE for problem in log.problems):
        return
    known = ", ".join(sorted(map(_label, others))) or "-"
    for role in _REQUIRED:
        if role not in there:
            near = [source for source, meant in others.items() if meant == role]
            hint = say("load_near", name=_label(near[0])) if near else ""
            log.of(role).problem("role_missing", hint=hint, known=known)


def _note_others(others: Mapping[Source, str | None], log: LayerLog) -> None:
    """Note each layer that is used for nothing, with the role that it may be meant for."""
    for source, role in others.items():
        log.noted("layer_resembles" if role else "layer_unused", _label(source) + (f" ({role}?)" if role else ""))


def _resembles(source: Source, there: AbstractSet[str]) -> str | None:
    """The role that a name may be meant for, of those that are not there."""
    names = {role: names for role, names in LAYER_NAMES.items() if role not in there}
    return closest(source.path.stem if source.layer is None else source.layer, names)
