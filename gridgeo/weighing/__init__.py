"""The earlier name of `gridgeo.comparison`, which holds everything that stood here."""

from gridgeo.comparison import *  # noqa: F403
from gridgeo.comparison import __all__ as __all__
