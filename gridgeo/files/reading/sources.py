"""Which file and layer holds which role."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from gridgeo.errors import InputError
from gridgeo.files.reading.formats import PARQUET, SUFFIXES, layer_names, part_files
from gridgeo.files.reading.reading_log import LAYERS, SITE, UNITS, LayerLog, ReadingLog
from gridgeo.messages import say

_ALIASES = {"boundary": "communities"}
_REQUIRED = ("communities", "buildings")
_GPKG = ".gpkg"


class Source(NamedTuple):
    """Where a layer is read: a file or a folder of parts, and the layer in it if it is a GeoPackage."""

    path: Path
    layer: str | None


def find_sources(path: Path | None, layers: Mapping[str, str | Path] | None, log: ReadingLog) -> dict[str, Source]:
    """Role -> source, in the order of roles; what is named in `layers` goes before what lies in `path`."""
    path = _only_package(path)
    given = {}
    for name, value in (layers or {}).items():
        role = _role_asked(name)
        given[role] = _given(value, path, log.of(role))
    offered = _offered(path, given.keys(), log)
    found = {role: source for role, source in given.items() if source is not None}
    for role in LAYERS:
        candidates = offered.get(role, [])
        if role in given or not candidates:
            continue
        if len(candidates) > 1:
            names = ", ".join(sorted(_label(source) for source in candidates))
            log.of(role).problem("role_twice", names=names)
        found[role] = candidates[0]
    _require(given.keys() | found.keys() | offered.keys(), offered, log)
    return {role: found[role] for role in LAYERS if role in found}


def _only_package(path: Path | None) -> Path | None:
    """The one GeoPackage of a folder in which nothing is named as a role: the folder was named, the file is meant."""
    if path is None or not path.is_dir():
        return path
    members = _members(path)
    packages = [file for file in members if file.suffix.lower() == _GPKG]
    named = any(_role_of(file.stem) in LAYERS for file in members)
    return packages[0] if len(packages) == 1 and not named else path


def _members(folder: Path) -> list[Path]:
    """What may be a layer: files of a format that is read, and folders that hold or should hold parts of one."""
    return [file for file in sorted(folder.iterdir()) if _is_member(file)]


def _is_member(file: Path) -> bool:
    suffix = file.suffix.lower()
    if not file.is_dir():
        return file.is_file() and suffix in SUFFIXES
    named = _role_of(file.stem) in LAYERS and not suffix
    return suffix == PARQUET or (named and bool(part_files(file)))


def _role_asked(name: str) -> str:
    role = _ALIASES.get(name, name)
    if role not in LAYERS:
        raise InputError(say("role_unknown", name=name, known=", ".join((*LAYERS, *_ALIASES))))
    return role


def _role_of(name: str) -> str:
    """Role of a layer or file of this name; a name that is no role is returned as it is."""
    return _ALIASES.get(name.casefold(), name.casefold())


def _label(source: Source) -> str:
    return f"{source.path.name}:{source.layer}" if source.layer else source.path.name


def _given(value: str | Path, path: Path | None, log: LayerLog) -> Source | None:
    """Source that is written as FILE, FILE:LAYER, or as a layer of `path`."""
    text = str(value)
    if Path(text).is_file() or Path(text).is_dir():
        return _whole_file(Path(text), log)
    file, colon, layer = text.rpartition(":")
    if colon and Path(file).is_file():
        return _layer_of(Path(file), layer, log)
    if path is not None and path.is_file() and text in layer_names(path, log):
        return Source(path, text)
    log.problem("file_missing", path=text)
    return None


def _layer_of(file: Path, layer: str, log: LayerLog) -> Source | None:
    names = layer_names(file, log)
    if layer in names:
        return Source(file, layer)
    log.problem("layer_unknown", path=file.name, name=layer, known=", ".join(names))
    return None


def _whole_file(file: Path, log: LayerLog) -> Source | None:
    """A file that holds one role, or a folder of its parts; of a GeoPackage the only layer, or the one named as the role."""
    if file.is_dir():
        return _folder(file, log)
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES or (suffix == ".csv" and log.role != UNITS):
        log.problem("file_kind", path=file.name, known=" ".join(sorted(SUFFIXES)))
        return None
    if suffix != _GPKG:
        return Source(file, None)
    names = layer_names(file, log)
    mine = [name for name in names if _role_of(name) == log.role] or names
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


def _offered(path: Path | None, given: AbstractSet[str], log: ReadingLog) -> dict[str, list[Source]]:
    """Layers of a GeoPackage or files of a folder by role; names that are no role are kept for hints.

    Files of a role that is given otherwise are not looked at, for one may be named because the other is damaged.
    """
    if path is None:
        return {}
    offered: dict[str, list[Source]] = {}
    if path.is_dir():
        for file in _members(path):
            role = _role_of(file.stem)
            if role not in given:
                source = _whole_file(file, log.of(role)) if role in LAYERS else Source(file, None)
                offered.setdefault(role, []).extend([source] if source else [])
    elif not path.is_file():
        log.of(SITE).problem("site_missing", path=path)
    elif path.suffix.lower() != _GPKG:
        log.of(SITE).problem("site_kind", path=path.name)
    else:
        for name in layer_names(path, log.of(SITE)):
            offered.setdefault(_role_of(name), []).append(Source(path, name))
    return offered


def _require(found: AbstractSet[str], offered: Mapping[str, list[Source]], log: ReadingLog) -> None:
    if any(problem.layer == SITE for problem in log.problems):
        return
    others = sorted(_label(source) for name, sources in offered.items() if name not in LAYERS for source in sources)
    for role in _REQUIRED:
        if role not in found:
            near = difflib.get_close_matches(role, [name for name in offered if name not in LAYERS], n=1, cutoff=0.6)
            hint = say("load_near", name=_label(offered[near[0]][0])) if near else ""
            log.of(role).problem("role_missing", hint=hint, known=", ".join(others) or "-")
