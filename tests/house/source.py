"""The house's own source, parsed once for the tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "reports", "bench", "translations")
FILES = ("config.py", "run.py")


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    path: str
    name: str
    text: str
    tree: ast.Module

    def imports(self) -> Iterator[str]:
        """Every module it imports, by full name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield inner if _is_module(inner) else node.module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node


@cache
def _is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


@cache
def modules() -> tuple[Module, ...]:
    """All Python files of the product (not its tests, not its migrations)."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))] + [ROOT / file for file in FILES]
    found = []
    for path in paths:
        relative = path.relative_to(ROOT)
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        found.append(Module(str(relative), name, text, ast.parse(text)))
    return tuple(found)


def of_every_module(rule: Callable[[Module], None]) -> Callable[[], None]:
    """One test that holds ``rule`` against every file and names each that breaks it; a test per file would be thousands."""

    def test() -> None:
        broken = []
        for module in modules():
            try:
                rule(module)
            except AssertionError as wrong:
                broken.append(f"{module.path}: {wrong}")
        assert not broken, "\n".join(broken)

    test.__name__, test.__doc__ = rule.__name__, rule.__doc__
    return test
