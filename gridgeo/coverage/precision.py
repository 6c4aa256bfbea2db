"""The precision grid, and the arrays of shapes and numbers that lie on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PRECISION_M = 2.0**-10
"""Grid on which lines and footprints are put before land is divided [m]; land and checks share it."""

APART = 0.003
"""What is nearer than this is noded together, since noding on the grid moves a line by less than a third of it [m]."""
