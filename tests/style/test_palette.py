"""Fills and shades differ, and text reads on them."""

from __future__ import annotations

from gridgeo.style import FILLS, SHADES, fill, rgb, tint


def test_all_fills_and_shades_differ_beyond_the_palette() -> None:
    assert len({fill(number) for number in range(3 * len(FILLS))}) == 3 * len(FILLS)
    shades = {tint(colour, number) for colour in FILLS for number in range(2 * len(SHADES))}
    assert len(shades) == 2 * len(SHADES) * len(FILLS)


def test_black_text_reads_on_every_fill() -> None:
    def luminance(colour: str) -> float:
        """Relative luminance (WCAG 2)."""
        linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all((luminance(colour) + 0.05) / 0.05 > 7 for colour in FILLS)
