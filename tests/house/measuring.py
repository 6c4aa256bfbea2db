"""What the house promises about its own form, measured on the source, without importing it.

``python tests/house/measuring.py`` prints the figures of the package in this tree; ``-v`` names every offender, ``--only land``
those in whose names `land` stands; a path measures another tree. What counts:

* lines of a function: those with code, from ``def`` on; no docstring, comment or blank line;
* a room: a package named in the layers of import-linter (setup.cfg). From outside only its face is imported (its ``__init__``), or
  the face of one of its parts (a package inside it);
* importers of a module: modules that take names from it, be it through a face. A face counts where it uses the names, not where it
  only passes them on;
* a step: a module or part that its room's face lists in its docstring, in working order, as numpydoc lists parameters::

    Steps
    -----
    inputs
        What bounds land, as lines on one precision grid.
    enclosures
        Faces of these lines.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import statistics
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = "gridgeo"
AT_ROOT = {"__init__.py", "errors.py", "_version.py", "py.typed"}
"""Files that lie in no room."""
Function = ast.FunctionDef | ast.AsyncFunctionDef

OLD_WORDS = (
    "apportion",
    "astray",
    "estate",
    "every",
    "footing",
    "grain",
    "holding",
    "housed",
    "leaves",
    "nearland",
    "noun",
    "roll",
    "settl",
    "stretch",
    "survey",
    "tenure",
    "weighing",
)
"""Beginnings of words of the former house for what the field has names for; none may be part of a name."""


class Import(NamedTuple):
    """A module takes a name from another."""

    importer: str
    target: str
    name: str | None
    """None where the module itself is imported."""


class Module(NamedTuple):
    """A source file."""

    name: str
    path: Path
    tree: ast.Module
    code_lines: frozenset[int]

    @property
    def is_face(self) -> bool:
        """Whether this is the `__init__` of a package."""
        return self.path.name == "__init__.py"


class Figure(NamedTuple):
    """One promise: what was measured, what is allowed, and who breaks it."""

    value: float
    limit: float
    offenders: list[str]


def read_modules(root: Path) -> dict[str, Module]:
    """All modules of a package by their dotted names."""
    out = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text()
        out[name] = Module(name, path, ast.parse(text), _code_lines(text))
    return out


def _code_lines(text: str) -> frozenset[int]:
    """Lines that hold code or a string."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    return frozenset(lines)


class House:
    """The package as its source tells it."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.modules = read_modules(root)
        self.config = ConfigParser()
        self.config.read(root / "setup.cfg")

    @cached_property
    def rooms(self) -> set[str]:
        """Dotted names of the rooms and of their parts."""
        contract = self.config["importlinter:contract:rooms"]
        names = re.findall(r"\w+", contract["layers"])
        tops = {f"{PACKAGE}.{name}" for name in names}
        parts = {name for name, module in self.modules.items() if module.is_face and name.count(".") > 1}
        return tops | parts

    @cached_property
    def excepted(self) -> set[tuple[str, str]]:
        """Imports that setup.cfg allows by name."""
        lines = self.config["importlinter:contract:rooms"].get("ignore_imports", "").split("\n")
        pairs = [tuple(re.split(r"\s*->\s*", line.strip())) for line in lines if "->" in line]
        return {(a, b) for a, b in pairs}

    @cached_property
    def imports(self) -> list[Import]:
        """All imports within the package, those of types and those inside functions too."""
        return [found for module in self.modules.values() for found in self._imports_of(module)]

    def _imports_of(self, module: Module) -> Iterator[Import]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name in self.modules:
                        yield Import(module.name, alias.name, None)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in self.modules:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    is_module = inner in self.modules
                    yield Import(module.name, inner if is_module else node.module, None if is_module else alias.name)

    @cached_property
    def edges(self) -> dict[str, set[str]]:
        """Importer -> modules imported, without what setup.cfg excepts."""
        out: dict[str, set[str]] = {name: set() for name in self.modules}
        for found in self.imports:
            if (found.importer, found.target) not in self.excepted and found.importer != found.target:
                out[found.importer].add(found.target)
        return out

    def room_of(self, name: str) -> str:
        """The innermost room or part that a module lies in."""
        inside = [room for room in self.rooms if name == room or name.startswith(f"{room}.")]
        return max(inside, key=len, default=PACKAGE)

    def functions(self) -> Iterator[tuple[str, Function, Module]]:
        """Every function and method, nested ones too, by its dotted name."""
        for module in self.modules.values():
            for name, node in _definitions(module.tree, module.name):
                if isinstance(node, Function):
                    yield name, node, module

    def classes(self) -> Iterator[tuple[str, ast.ClassDef]]:
        """Every class by its dotted name."""
        for module in self.modules.values():
            for name, node in _definitions(module.tree, module.name):
                if isinstance(node, ast.ClassDef):
                    yield name, node

    @cached_property
    def public(self) -> set[str]:
        """Names that the package exports."""
        return _exported(self.modules[PACKAGE].tree)

    @cached_property
    def steps(self) -> set[str]:
        """Modules and parts that faces list as steps of their rooms."""
        out = set()
        for module in self.modules.values():
            if module.is_face:
                listed = read_steps(ast.get_docstring(module.tree) or "")
                out |= {f"{module.name}.{name}" for name in listed}
        return out

    @cached_property
    def importers(self) -> dict[str, set[str]]:
        """Module -> those that use its names; faces that only pass names on are looked through."""
        passed: dict[tuple[str, str | None], Import] = {
            (found.importer, found.name): found
            for found in self.imports
            if self.modules[found.importer].is_face and found.name is not None
        }
        out: dict[str, set[str]] = {name: set() for name in self.modules}
        for found in self.imports:
            if self._only_passed_on(found):
                continue
            source = found
            while (source.target, source.name) in passed:
                source = passed[source.target, source.name]
            out[source.target].add(found.importer)
        return out

    def _only_passed_on(self, found: Import) -> bool:
        """Whether a face of a room imports a name without using it; what the package exports is used by all the world."""
        module = self.modules[found.importer]
        if not module.is_face or found.importer == PACKAGE or found.name is None:
            return False
        return not any(isinstance(node, ast.Name) and node.id == found.name for node in ast.walk(module.tree))


def _definitions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef):
            name = f"{prefix}.{node.name}"
            yield name, node
            yield from _definitions(node, name)
        else:
            yield from _definitions(node, prefix)


def _exported(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return set(ast.literal_eval(node.value))
    return set()


def read_steps(docstring: str) -> list[str]:
    """Names under the heading Steps of a face's docstring."""
    lines = docstring.splitlines()
    at = [k for k in range(len(lines) - 1) if lines[k] == "Steps" and set(lines[k + 1]) == {"-"}]
    if not at:
        return []
    out = []
    for k, line in enumerate(lines[at[0] + 2 :], start=at[0] + 2):
        if k + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[k + 1]):
            break
        if re.fullmatch(r"\w+(, \w+)*", line):
            out += line.split(", ")
        elif line and not line.startswith(" "):
            break
    return out


def cycles(house: House) -> list[str]:
    """Groups of modules that import each other."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[str] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in house.edges[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(" <-> ".join(sorted(group)))

    for name in house.modules:
        if name not in index:
            visit(name)
    return found


def function_lines(house: House) -> dict[str, int]:
    """Lines of code of each function."""
    out = {}
    for name, node, module in house.functions():
        lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1)) & module.code_lines
        first = node.body[0]
        if ast.get_docstring(node, clean=False) is not None:
            lines -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
        out[f"{name}:{node.lineno}"] = len(lines)
    return out


def parameters(house: House) -> tuple[list[str], list[str]]:
    """Functions of too many positional parameters, and of too many in all."""
    many_positional, many = [], []
    for name, node, _ in house.functions():
        arguments = node.args
        names = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
        positional = len(names) - (names[:1] in (["self"], ["cls"]))
        whole = positional + len(arguments.kwonlyargs) + (arguments.vararg is not None) + (arguments.kwarg is not None)
        if positional > 3:
            many_positional.append(f"{name}: {positional}")
        if whole > 8 and not (node.name in house.public and arguments.kwonlyargs):
            many.append(f"{name}: {whole}")
    return many_positional, many


def past_faces(house: House) -> tuple[list[str], list[str]]:
    """Imports past the face of another room, and past that of another part of the same room."""
    outside: list[str] = []
    inside: list[str] = []
    for importer, target in sorted({(found.importer, found.target) for found in house.imports} - house.excepted):
        if target == importer or house.room_of(importer).startswith(house.room_of(target)):
            continue  # a part may look into the room around it
        if target in house.rooms:
            continue
        same_room = importer.split(".")[:2] == target.split(".")[:2]
        (inside if same_room else outside).append(f"{importer} -> {target}")
    return outside, inside


def single_importers(house: House) -> list[str]:
    """Modules that only one other uses, and that are no step of their room."""
    return sorted(
        f"{name} <- {next(iter(users))}"
        for name, users in house.importers.items()
        if len(users) == 1 and not house.modules[name].is_face and name not in house.steps
    )


def repeated(names: list[str]) -> list[str]:
    """Dotted names whose last part stands twice."""
    counts = Counter(name.rpartition(".")[2] for name in names)
    return sorted(name for name in names if counts[name.rpartition(".")[2]] > 1)


def undocumented(house: House) -> list[str]:
    """Public modules, classes and functions without a docstring."""
    out = [name for name, module in house.modules.items() if ast.get_docstring(module.tree) is None]
    for module in house.modules.values():
        out += [name for name, node in _public(module.tree, module.name) if ast.get_docstring(node) is None]
    return out


def _public(tree: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if any(isinstance(item, ast.Name) and item.id == "overload" for item in node.decorator_list):
            continue
        yield f"{prefix}.{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{prefix}.{node.name}")


def old_words(house: House) -> list[str]:
    """Names of modules, classes and functions in which a word of the former house is left."""
    names = [*house.modules, *(name for name, _ in house.classes()), *(name for name, _, _ in house.functions())]
    found = {name for name in names if any(word.startswith(OLD_WORDS) for word in _words(name))}
    return sorted(found - {f"{PACKAGE}.weighing"})  # an address of 0.1.0 that goes on working


def _words(name: str) -> list[str]:
    """Words of the last part of a dotted name, be it written as in `read_site` or as in `PlanFile`."""
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name.rpartition(".")[2]).lower())


def measure(house: House) -> dict[str, Figure]:
    """All figures by what they are about."""
    lines = function_lines(house)
    counts = sorted(lines.values())
    p90 = statistics.quantiles(counts, n=10, method="inclusive")[-1]
    longest = sorted(lines, key=lambda name: -lines[name])
    positional, many = parameters(house)
    outside, inside = past_faces(house)
    plain = [name for name, module in house.modules.items() if not module.is_face]
    verbs = [name for name in house.modules if name.count(".") and name.rpartition(".")[2] in house.public]
    stray = sorted(
        path.name for path in (house.root / PACKAGE).iterdir() if path.is_file() and path.name not in AT_ROOT
    )
    missing = [step for step in house.steps if step not in house.modules]
    return {
        "import cycles": _count(cycles(house), 0),
        "function lines, median": Figure(statistics.median(counts), 8, []),
        "function lines, p90": Figure(p90, 20, [f"{name} {lines[name]}" for name in longest if lines[name] > 20]),
        "function lines, longest": Figure(
            counts[-1], 50, [f"{name} {lines[name]}" for name in longest if lines[name] > 50]
        ),
        "more than 3 positional parameters": _count(positional, 0),
        "more than 8 parameters": _count(many, 0),
        "imports past a room's face": _count(outside, 0),
        "imports past a part's face": _count(inside, 0),
        "modules with one importer, no step": _count(single_importers(house), 20),
        "steps that are no modules": _count(missing, 0),
        "module names twice": _count(repeated(plain), 0),
        "class names twice": _count(repeated([name for name, _ in house.classes()]), 0),
        "modules named as an exported name": _count(verbs, 0),
        "public without docstring": _count(undocumented(house), 0),
        "files at the root": _count(stray, 0),
        "names with words of the former house": _count(old_words(house), 0),
    }


def _count(offenders: list[str], limit: int) -> Figure:
    return Figure(len(offenders), limit, offenders)


def main() -> None:
    """Print the figures; exit 1 if one is above its limit."""
    parser = argparse.ArgumentParser(description="Figures of the house.")
    parser.add_argument("root", nargs="?", type=Path, default=ROOT, help="tree that holds the package")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every offender")
    parser.add_argument("--only", default="", help="part of the names of offenders that are listed")
    wishes = parser.parse_args()
    figures = measure(House(wishes.root.resolve()))
    for about, figure in figures.items():
        mark = "  " if figure.value <= figure.limit else "! "
        print(f"{mark}{about:40} {figure.value:6g}   limit {figure.limit:g}")
        if wishes.verbose or wishes.only:
            print("".join(f"      {name}\n" for name in figure.offenders if wishes.only in name), end="")
    sys.exit(any(figure.value > figure.limit for figure in figures.values()))


if __name__ == "__main__":
    main()
