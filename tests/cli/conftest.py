"""A plan of the sample for the tests of commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import COMMUNITY, run


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.gpkg"
    result = run("divide", COMMUNITY, "--preset", "zhengzhou", "--seed", 7, "-o", path)
    assert result.exit_code == 0, result.stderr
    return path
