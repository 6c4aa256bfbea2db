"""Draw the picture of the README anew: the overview sheet of the sample community. Needs pdftoppm (poppler-utils)."""

import subprocess
import tempfile
from pathlib import Path

import gridgeo as gg

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "sample_data" / "community.gpkg"

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        plan = gg.divide(gg.read_site(SAMPLE), gg.Scheme.preset("zhengzhou"), seed=7)
        sheets = gg.atlas(plan, Path(folder) / "sheets.pdf")
        command = [
            "pdftoppm",
            "-r",
            "110",
            "-png",
            "-singlefile",
            "-f",
            "1",
            "-l",
            "1",
            str(sheets),
            str(HERE / "picture"),
        ]
        subprocess.run(command, check=True)
