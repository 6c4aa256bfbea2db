"""Cut the font of the printed sheets out of a full Noto Sans SC.

    python docs/make_font.py NotoSansSC-Regular.ttf gridgeo/maps/pdf/fonts/NotoSansSC-GBK.ttf

Kept are the characters of GBK (all that Chinese offices can type, rare characters of personal and place names included), the
Latin letters of European names and a few signs. Hinting and layout tables are left out, for the sheets set no ligatures. The same
source gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

LATIN = range(0x20, 0x250)
"""ASCII, Latin-1 and Latin Extended."""

SIGNS = "‐‑–—‘’“”•…′″€№™←↑→↓≈≠≤≥■□▲△▼●○★☆㎡㎞"
"""Signs that a sheet or a name may show."""

NAMES_KEPT = [0, 1, 2, 3, 4, 5, 6, 13, 14]
"""Copyright, family, style, licence: what the licence wants to stay with the font."""


def gbk() -> set[int]:
    """Every character that GBK can write."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
    return {ord(character) for pair in pairs if len(character := pair.decode("gbk", errors="ignore")) == 1}


def cut(source: Path, target: Path) -> int:
    """Write the subset; returns the number of characters in it."""
    options = Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        name_IDs=NAMES_KEPT,
        recalc_timestamp=False,
    )
    options.drop_tables += ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=gbk() | set(LATIN) | set(map(ord, SIGNS)))
    subsetter.subset(font)
    font.save(target)
    return len(font.getBestCmap())


def main() -> None:
    """Read the two paths and cut."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="full Noto Sans SC as TrueType")
    parser.add_argument("target", type=Path, help="subset to write")
    arguments = parser.parse_args()
    print(cut(arguments.source, arguments.target), "characters")


if __name__ == "__main__":
    main()
