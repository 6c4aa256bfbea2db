"""The earlier name of `gridgeo.comparison` and of `gridgeo.variants`: what stood here goes on working, and names its successor."""

from __future__ import annotations

import warnings
from importlib import import_module

_HOMES = {
    "Sketch": "gridgeo.comparison",
    "compare": "gridgeo",
    "difference": "gridgeo",
    "sketch": "gridgeo.comparison",
    "variants": "gridgeo",
}

__all__ = ["Sketch", "compare", "difference", "sketch", "variants"]


def __getattr__(name: str) -> object:
    """Something that stood here, from where it stands now."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    successor = f"{_HOMES[name]}.{name}"
    warnings.warn(f"gridgeo.weighing.{name} is now {successor}", FutureWarning, stacklevel=2)
    return getattr(import_module(_HOMES[name]), name)
