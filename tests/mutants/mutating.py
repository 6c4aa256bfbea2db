"""Mutants: small wrong changes of the source, one at a time, that tests have to notice.

``python tests/mutants/mutating.py`` draws 200 (always the same ones) from the proof, the rules of codes and the objective, runs the
tests of each and prints those that nobody noticed. ``--count 20 --seed 1 --group checks`` tries others. Each worker has a copy
of the tree of its own; what is imported by all tests is imported once, and forked.

A mutant exchanges a comparison, a boolean operator, an operator of arithmetic or of masks; moves a number; or returns nothing. Not
touched are docstrings, annotations, decorators, assertions, what is only for types, and texts.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PATIENCE_S = 400
"""A mutant whose tests take longer is noticed: it hangs."""
SHARED = ("numpy", "pandas", "geopandas", "shapely", "scipy.sparse.csgraph", "numba", "pyogrio", "pytest", "hypothesis")


class Group(NamedTuple):
    """Modules that are changed together, how many mutants of 200 are wanted, and the tests that judge them, quick ones first."""

    modules: str
    wanted: int
    tests: tuple[str, ...]
    slow: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


GROUPS = {
    "checks": Group(
        "gridgeo/checks/*.py",
        120,
        ("tests/checks",),
        ("tests/checks/test_whatever_is_drawn.py", "tests/checks/test_load_shares.py"),
    ),
    "codes": Group("gridgeo/model/codes.py", 30, ("tests/model/test_codes.py",)),
    "objective": Group(
        "gridgeo/partition/objective.py",
        50,
        ("tests/partition/test_objective.py",),
        # kernels of other modules have the objective inlined and would be taken from the cache
        environment=(("NUMBA_DISABLE_JIT", "1"),),
    ),
}

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMBINED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


class Mutant(NamedTuple):
    """A changed module."""

    group: str
    path: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        """Place and change."""
        return f"{self.path}:{self.line}: {self.before}  ->  {self.after}"


class Verdict(NamedTuple):
    """Whether tests noticed a mutant, and in which time."""

    mutant: Mutant
    noticed: bool
    seconds: float


def mutants_of(group: str, path: Path) -> list[Mutant]:
    """All mutants of a module."""
    tree = ast.parse(path.read_text())
    out = []
    for node in _touched(tree):
        for changed in _changes(node):
            source = _with(tree, node, changed)
            before, after = ast.unparse(node), ast.unparse(changed)
            out.append(Mutant(group, path.relative_to(ROOT).as_posix(), node.lineno, before, after, source))
    return out


def _touched(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Nodes that may be changed."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_left_alone(child):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            yield from _touched(child)


def _is_left_alone(node: ast.AST) -> bool:
    """Types, assertions, what is exported, and arguments that only guard."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", "_HOME"}:
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True
    return isinstance(node, ast.Assert | ast.JoinedStr | ast.Raise)


def _changes(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:  # noqa: C901 (a table)
    match node:
        case ast.Compare(left, ops, comparators):
            for k, op in enumerate(ops):
                yield ast.Compare(left, [*ops[:k], COMPARED[type(op)](), *ops[k + 1 :]], comparators)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
            yield operand
        case ast.BinOp(left, op, right) if type(op) in COMBINED:
            yield ast.BinOp(left, COMBINED[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in COMBINED:
            yield ast.AugAssign(target, COMBINED[type(op)](), value)
        case ast.Constant(value) if isinstance(value, bool):
            yield ast.Constant(not value)
        case ast.Constant(value) if isinstance(value, int):
            yield ast.Constant(value + 1)
        case ast.Constant(value) if isinstance(value, float):
            yield ast.Constant(2 * value if value else 1.0)
        case ast.Return(value) if value is not None:
            yield ast.Return(None)


def _with(tree: ast.Module, node: ast.expr | ast.stmt, changed: ast.expr | ast.stmt) -> str:
    """Source in which one node is another."""

    class Exchange(ast.NodeTransformer):
        def visit(self, seen: ast.AST) -> ast.AST:
            return copy.deepcopy(changed) if seen is node else self.generic_visit(seen)

    memo: dict[int, object] = {id(node): node}  # the copy keeps this node itself, so that it can be found
    return ast.unparse(ast.fix_missing_locations(Exchange().visit(copy.deepcopy(tree, memo))))


def draw(count: int, seed: int, groups: list[str]) -> list[Mutant]:
    """Mutants of the groups, so many in all, shared out as `GROUPS` says."""
    generator = random.Random(seed)
    whole = sum(GROUPS[name].wanted for name in groups)
    out: list[Mutant] = []
    for name in groups:
        known = [one for path in sorted(ROOT.glob(GROUPS[name].modules)) for one in mutants_of(name, path)]
        wanted = round(count * GROUPS[name].wanted / whole)
        out += generator.sample(known, min(wanted, len(known)))
    return out


def tests_of(mutant: Mutant) -> list[str]:
    """Tests that judge a mutant: those named after its module first, slow ones last."""
    group = GROUPS[mutant.group]
    files = [path for test in group.tests for path in _files(ROOT / test)]
    own = Path(mutant.path).stem
    files.sort(key=lambda path: (path in group.slow, Path(path).stem != f"test_{own}"))
    return files


def _files(path: Path) -> list[str]:
    paths = sorted(path.glob("test_*.py")) if path.is_dir() else [path]
    return [one.relative_to(ROOT).as_posix() for one in paths]


def copy_tree(folder: Path) -> Path:
    """A copy of what tests need, with the compiled code that is there."""
    for name in ("gridgeo", "tests", "sample_data", "benchmarks", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc", "results"))
    shutil.copy(ROOT / "setup.cfg", folder)
    return folder


def judge(mutant: Mutant, tree: Path) -> Verdict:
    """Run the tests of a mutant in a copy of the tree."""
    target = tree / mutant.path
    sound, times = target.read_text(), (target.stat().st_atime_ns, target.stat().st_mtime_ns)
    start = time.monotonic()
    try:
        target.write_text(mutant.source)
        code = _forked(tree, tests_of(mutant), dict(GROUPS[mutant.group].environment))
    finally:
        target.write_text(sound)
        os.utime(target, ns=times)  # numba takes compiled code for that of a file of this time and size
    return Verdict(mutant, code != 0, time.monotonic() - start)


def _forked(tree: Path, tests: list[str], environment: dict[str, str]) -> int:
    """Exit code of pytest in a forked process; 1 if it had to be ended."""
    child = os.fork()
    if child == 0:
        _run(tree, tests, environment)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return 1


def _run(tree: Path, tests: list[str], environment: dict[str, str]) -> None:
    """Be the process of a mutant; never returns."""
    import pytest

    os.chdir(tree)
    os.environ.update(environment)
    if environment.get("NUMBA_DISABLE_JIT"):
        import numba.core.config

        numba.core.config.DISABLE_JIT = 1
    sys.path.insert(0, str(tree))
    sys.dont_write_bytecode = True
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "--hypothesis-seed=0"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # what is shared is imported already
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    code = 1
    with contextlib.suppress(BaseException):
        code = int(pytest.main([*options, "-m", "not long", *tests]))
    os._exit(code)


def judge_all(mutants: list[Mutant], workers: int) -> Iterator[Verdict]:
    """Judge mutants, some at a time; sound code comes first, for tests that fail by themselves notice nothing."""
    for name in SHARED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        trees: SimpleQueue[Path] = SimpleQueue()
        for k in range(workers):
            trees.put(copy_tree(Path(folder) / str(k)))
        _refuse_failing({one.group for one in mutants}, Path(folder) / "0")

        def one(mutant: Mutant) -> Verdict:
            tree = trees.get()
            try:
                return judge(mutant, tree)
            finally:
                trees.put(tree)

        yield from pool.map(one, mutants)


def _refuse_failing(groups: set[str], tree: Path) -> None:
    for name in sorted(groups):
        group = GROUPS[name]
        sound = Mutant(name, min(ROOT.glob(group.modules)).relative_to(ROOT).as_posix(), 0, "", "", "")
        if _forked(tree, tests_of(sound), dict(group.environment)) != 0:
            raise RuntimeError(f"tests of {name} fail without any mutant")


def main() -> None:
    """Judge mutants and print those that nobody noticed."""
    parser = argparse.ArgumentParser(description="Mutants that tests have to notice.")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--group", nargs="+", choices=sorted(GROUPS), default=list(GROUPS))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    wishes = parser.parse_args()
    verdicts = []
    for verdict in judge_all(draw(wishes.count, wishes.seed, wishes.group), wishes.workers):
        verdicts.append(verdict)
        if not verdict.noticed:
            print(f"{verdict.seconds:5.0f} s  {verdict.mutant}", flush=True)
    noticed = sum(verdict.noticed for verdict in verdicts)
    print(f"{noticed} of {len(verdicts)} noticed, {noticed / len(verdicts):.1%}")


if __name__ == "__main__":
    main()
