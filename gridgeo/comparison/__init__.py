"""Rounds of weighing: several good and different plans of one place, how they differ, and what each is good at.

A division is settled by people. This room gives them plans to choose from (`variants`), figures side by side (`compare`), one
number for how far two plans are apart (`difference`), and small maps side by side (`sketch`).
"""

from gridgeo.comparison.choosing import variants
from gridgeo.comparison.drawing import Sketch, sketch
from gridgeo.comparison.overlap import difference
from gridgeo.comparison.table import compare

__all__ = ["Sketch", "compare", "difference", "sketch", "variants"]
