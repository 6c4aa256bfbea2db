"""The package's face: names, weight, documentation."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

import gridgeo
from gridgeo.cli import main

PACKAGE = Path(gridgeo.__file__).parent


def test_all_is_sorted_and_every_name_exists() -> None:
    assert list(gridgeo.__all__) == sorted(gridgeo.__all__)
    for name in gridgeo.__all__:
        assert getattr(gridgeo, name) is not None
    assert dir(gridgeo) == gridgeo.__all__


def test_each_name_is_that_of_its_room() -> None:
    for name, home in gridgeo._HOME.items():
        assert getattr(gridgeo, name) is getattr(import_module(f"gridgeo.{home}"), name)
    assert {"dangles", "with_institutions"} <= set(gridgeo.__all__)
    assert set(gridgeo.__all__) - {"__version__"} == set(gridgeo._HOME)


def test_unknown_names_are_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'partition_all'"):
        gridgeo.partition_all  # noqa: B018


@pytest.mark.parametrize("name", [name for name in gridgeo.__all__ if not name.startswith("_")])
def test_every_public_name_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(gridgeo, name))


def test_importing_is_light() -> None:
    heavy = ["numba", "folium", "reportlab", "matplotlib", "networkx", "scipy"]
    script = f"import sys, gridgeo; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_no_module_bears_the_name_of_a_verb() -> None:
    modules = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or p.is_dir()}
    assert modules.isdisjoint(set(gridgeo.__all__))


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_with_an_example(name: str) -> None:
    command = main.commands[name]
    text = command.get_help(click.Context(command, info_name=name))
    assert "Example:" in text
    assert f"gridgeo {name}" in text
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert all(option.help for option in options)
    for option in options:
        if not option.is_flag and not isinstance(option.type, click.Choice):
            example = str(option.help).partition("For example ")[2]
            assert any(f"{name} " in example for name in option.opts), option.opts


def test_nothing_but_the_writer_writes() -> None:
    writers = {"to_file", "to_parquet", "savefig", "write_dataframe", "write_text", "write_bytes", "to_csv", "to_excel"}
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent == PACKAGE / "files" and path.stem in ("atomic", "exchange_formats", "replacing"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and (node.args or node.func.attr != "to_csv")
            ):
                assert node.func.attr not in writers, f"{path}:{node.lineno} {node.func.attr}"


def test_no_chance_without_a_seed() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "import random" not in text, path
        assert "np.random.seed" not in text, path
        assert "pickle" not in text, path


def test_switches_of_the_process_belong_to_the_command_line() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "cli" not in path.relative_to(PACKAGE).parts:
            text = path.read_text(encoding="utf-8")
            for switch in ("import gc", "import signal", "umask(", "setrecursionlimit(", "os.environ["):
                assert switch not in text, f"{path}: {switch}"
