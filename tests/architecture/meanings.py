"""Say what each name of a module means, however it was brought: the tests that forbid calls ask this and no text.

`references` gives every place where something named elsewhere is read, by its whole dotted name: `import x as y`,
`from x import y as z`, `from x import *`, an assignment of any kind (`=`, `:=`, a default), `getattr(x, "y")`,
`vars(x)["y"]`, `__import__("x").y`, `importlib.import_module("x").y`, `sys.modules["x"].y`. A name that is not written,
as in `getattr(os, word)` or `import_module(word)`, is `os.?` or `?`.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
UNSAID = "?"
_IMPORTERS = {"__import__", "importlib.import_module", "importlib.__import__", "pkgutil.resolve_name"}
_FROM_TEXT = {"pkgutil.resolve_name", "django.utils.module_loading.import_string"}


@dataclass
class Module:
    """A module and what its names mean; a name bound twice means both."""

    tree: ast.Module
    package: str = ""
    means: dict[str, set[str]] = field(default_factory=dict)
    stars: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            self._import(node)
        while sum(self._assign(node) for node in ast.walk(self.tree)):
            pass  # what an alias of an alias means

    def _bind(self, name: str, meanings: Iterable[str]) -> bool:
        there = self.means.setdefault(name, set())
        before = len(there)
        there.update(each for each in meanings if each.count(".") < 12)  # `x = x.next` has no end
        return len(there) > before

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for each in node.names:
                whole = each.name if each.asname else each.name.split(".")[0]
                self._bind(each.asname or whole, {whole})
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                if each.name == "*":
                    self.stars.add(self._origin(node))
                else:
                    self._bind(each.asname or each.name, {f"{self._origin(node)}.{each.name}"})

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parents = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
        return ".".join([*parents, *([node.module] if node.module else [])])

    def _assign(self, node: ast.AST) -> bool:
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.For | ast.comprehension):
            pairs = [(node.target, each) for each in getattr(node.iter, "elts", ())]
        elif isinstance(node, ast.arguments):
            taken = node.posonlyargs + node.args
            defaults = zip(taken[len(taken) - len(node.defaults) :], node.defaults, strict=True)
            named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            return bool(sum(self._bind(a.arg, self.of(d)) for a, d in (*defaults, *named) if d is not None))
        return bool(sum(self._match(target, value) for target, value in pairs))

    def _match(self, target: ast.expr, value: ast.expr) -> bool:
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            return bool(sum(self._match(*pair) for pair in zip(target.elts, value.elts, strict=False)))
        return isinstance(target, ast.Name) and self._bind(target.id, self.of(value))

    def of(self, node: ast.expr) -> set[str]:
        """What an expression may mean, as whole dotted names; nothing where it is a value of its own."""
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.Attribute):
            return {_plain(f"{each}.{node.attr}") for each in self.of(node.value)}
        if isinstance(node, ast.NamedExpr | ast.Await | ast.Starred):
            return self.of(node.value)
        if isinstance(node, ast.IfExp):
            return self.of(node.body) | self.of(node.orelse)
        if isinstance(node, ast.BoolOp):
            return set().union(*map(self.of, node.values))
        if isinstance(node, ast.Subscript):
            return self._item(node)
        return self._called(node) if isinstance(node, ast.Call) else set()

    def _named(self, name: str) -> set[str]:
        brought = {f"{module}.{name}" for module in self.stars}
        if name in self.means:
            return self.means[name] | brought
        return brought | ({_plain(name)} if hasattr(builtins, name) or name == "__builtins__" else set())

    def _item(self, node: ast.Subscript) -> set[str]:
        """The item of what holds the names of a module: `vars(x)["y"]`, `x.__dict__["y"]`, `sys.modules["x"]`."""
        said, found = _text(node.slice), set()
        for holder in self.of(node.value):
            if holder == "sys.modules":
                found.add(said)
            elif holder.endswith(".__dict__"):
                found.add(_plain(f"{holder.removesuffix('.__dict__')}.{said}"))
        return found

    def _called(self, node: ast.Call) -> set[str]:
        called, first = self.of(node.func), node.args[0] if node.args else None
        if first is None:
            return set()
        if "getattr" in called and len(node.args) > 1:
            return {_plain(f"{each}.{_text(node.args[1])}") for each in self.of(first)}
        if "vars" in called:
            return {f"{each}.__dict__" for each in self.of(first)}
        if called & _FROM_TEXT:
            return {_text(first).replace(":", ".")}
        if called & _IMPORTERS:
            return {_text(first)}
        return self.of(first) if called & {"functools.partial", "staticmethod"} else set()


def _text(node: ast.expr) -> str:
    """The text of a constant; UNSAID where it is not written."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else UNSAID


def _plain(name: str) -> str:
    """A builtin by its own name, whichever way it was reached."""
    for holder in ("builtins.", "__builtins__."):
        name = name.removeprefix(holder)
    return name


def read(text: str, package: str = "") -> Module:
    """Read the text of a module of a package."""
    return Module(ast.parse(text), package)


@cache
def modules() -> dict[str, Module]:
    """Every module under `src` by its path from there."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE)
        found[place.as_posix()] = read(path.read_text(encoding="utf-8"), ".".join(place.parent.parts))
    return found


def _hints(tree: ast.Module) -> set[int]:
    """The nodes that only say of what type something is."""
    said = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    return {id(part) for hint in said if isinstance(hint, ast.expr) for part in ast.walk(hint)}


def references_in(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Every place of a module where what is named elsewhere is brought or read, with its whole name; types are not."""
    hints = _hints(module.tree)
    for node in ast.walk(module.tree):
        if id(node) in hints:
            continue
        if isinstance(node, ast.Import):
            yield from ((each.name, node) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = module._origin(node)
            yield from ((f"{origin}.{each.name}", node) for each in node.names)
        elif isinstance(node, ast.Name | ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                yield from ((name, node) for name in module.of(node))
        elif isinstance(node, ast.Call | ast.Subscript):
            yield from ((name, node) for name in module.of(node))


def calls_in(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a module, once for each whole name that what it calls may have."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield from ((name, node) for name in module.of(node.func))


@cache
def _through(name: str) -> frozenset[str]:
    """A name and what it is where it comes from, when a module of ours only passes it on."""
    parts, found = name.split("."), {name}
    for cut in range(len(parts) - 1, 0, -1):
        place = "/".join(parts[:cut])
        module = modules().get(f"{place}.py") or modules().get(f"{place}/__init__.py")
        if module is not None:
            for origin in module._named(parts[cut]) - {name}:
                found |= _through(".".join([origin, *parts[cut + 1 :]])) if origin != parts[cut] else set()
            break
    return frozenset(found)


@cache
def references() -> tuple[tuple[str, str, ast.AST], ...]:
    """Every reference of every module: its path, the whole name, its node."""
    every = ((path, *each) for path, module in modules().items() for each in references_in(module))
    return tuple((path, whole, node) for path, name, node in every for whole in _through(name))


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call of every module: its path, the whole name, its node."""
    every = ((path, *each) for path, module in modules().items() for each in calls_in(module))
    return tuple((path, whole, node) for path, name, node in every for whole in _through(name))


def is_of(name: str, forbidden: Iterable[str]) -> bool:
    """Whether a whole name is one of those forbidden, or may be one that its module does not write."""
    return any(
        name in (each, f"{each.rpartition('.')[0]}.{UNSAID}", f"{each.rpartition('.')[0]}.*") for each in forbidden
    )


def readers(*forbidden: str) -> set[str]:
    """The modules that bring, read or call any of these names, or may."""
    return {path for path, name, _node in references() if is_of(name, forbidden)}
