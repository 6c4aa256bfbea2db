"""Commands run as at a terminal, and the sample that they run on."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from gridgeo.cli import main

SAMPLE = Path(__file__).parents[2] / "sample_data"


COMMUNITY, DRAWN = SAMPLE / "community.gpkg", SAMPLE / "drawn.gpkg"


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner(env={"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""} | environment).invoke(
        main, [str(argument) for argument in arguments]
    )
