"""``python -m sample_data.generator``: the sample data written anew, beside this folder and where the wheel ships them."""

from __future__ import annotations

from pathlib import Path

from sample_data.generator import write_sample

ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    for folder in (ROOT / "sample_data", ROOT / "gridgeo" / "cli" / "sample"):
        for path in write_sample(folder, overwrite=True).values():
            print(path)
