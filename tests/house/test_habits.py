"""House rules that a machine can check: sizes, names, docstrings, who commits, who asks the time, who says no."""

from __future__ import annotations

import ast
import re

from tests.house.source import ROOT, Module, of_every_module

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
# Bulk statements that pass beneath the row scope; each of these files says so in its first lines.
BENEATH_SCOPE = {
    "app/core/row_scope.py",
    "app/core/runs.py",
    "app/core/transaction.py",
    "app/crud/changes.py",
    "app/crud/writing.py",
    "app/crud/importing/writing.py",
    "app/crud/importing/undoing.py",
    "app/crud/columns/links.py",
    "app/queries/appeals.py",
    "app/queries/case_ledgers.py",
    "app/queries/exclusions.py",
    "app/queries/facts.py",
    "app/queries/frozen_facts.py",
    "app/queries/mutual_audit.py",
    "app/queries/people.py",
    "app/queries/relisting.py",
    "app/queries/repeats.py",
    "app/queries/radar.py",
    "app/queries/scopes.py",
    "app/queries/scores.py",
    "app/queries/standing.py",
    "app/services/case_bulk.py",
    "app/services/demo.py",
    "app/services/evaluation_keeping.py",
    "app/services/ledger.py",
    "app/services/ledger_import.py",
    "app/services/notices.py",
    "app/services/recomputation.py",
    "app/services/registration.py",
}


@of_every_module
def test_a_file_stays_readable_in_one_sitting(module: Module) -> None:
    assert module.text.count("\n") <= LONGEST_FILE


@of_every_module
def test_a_function_stays_in_view(module: Module) -> None:
    long = [
        (f.name, f.end_lineno - f.lineno + 1) for f in module.functions() if f.end_lineno and f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


@of_every_module
def test_every_module_says_what_it_is_for(module: Module) -> None:
    said = ast.get_docstring(module.tree)
    assert (said and said[0].isupper()) or (said and said.startswith(("``", '"')))


@of_every_module
def test_public_functions_say_what_they_do_and_take(module: Module) -> None:
    silent = [f.name for f in module.functions() if not f.name.startswith("_") and not ast.get_docstring(f) and not _is_nested(module, f)]
    untyped = [
        f.name
        for f in module.functions()
        if not f.name.startswith("_") and any(a.annotation is None and a.arg not in ("self", "cls") for a in f.args.args)
    ]
    assert not silent
    assert not [name for name in untyped if name not in {"_receive", "_offer"}]


def _is_nested(module: Module, function: ast.AST) -> bool:
    return any(function is not outer and function in ast.walk(outer) for outer in module.functions())


@of_every_module
def test_no_room_is_called_a_drawer(module: Module) -> None:
    assert FORBIDDEN.isdisjoint(module.name.split("."))


@of_every_module
def test_only_the_transaction_commits(module: Module) -> None:
    commits = [n.lineno for n in ast.walk(module.tree) if isinstance(n, ast.Attribute) and n.attr == "commit"]
    assert not commits or module.path == "app/core/transaction.py"


@of_every_module
def test_only_the_clock_asks_the_time(module: Module) -> None:
    asked = re.findall(r"\b(?:datetime\.now|datetime\.utcnow|date\.today|time\.time|time\.monotonic)\(", module.text)
    assert not asked or module.path == "app/core/clock.py"


@of_every_module
def test_no_failure_is_swallowed(module: Module) -> None:
    bare = [n.lineno for n in ast.walk(module.tree) if isinstance(n, ast.ExceptHandler) and n.type is None]
    passed = [
        n.lineno for n in ast.walk(module.tree) if isinstance(n, ast.ExceptHandler) and len(n.body) == 1 and isinstance(n.body[0], ast.Pass)
    ]
    assert not bare
    assert not passed


@of_every_module
def test_statements_beneath_the_row_scope_stand_only_where_they_are_expected(module: Module) -> None:
    beneath = [
        n.lineno for n in ast.walk(module.tree) if isinstance(n, ast.Attribute) and n.attr in ("__table__", "connection") and _on_session(n)
    ]
    raw = re.findall(r"\btext\(f?[\"']\s*(?:SELECT|UPDATE|DELETE|INSERT)", module.text, re.IGNORECASE)
    assert not raw
    assert not beneath or module.path in BENEATH_SCOPE


def _on_session(node: ast.Attribute) -> bool:
    if node.attr == "__table__":
        return isinstance(node.value, ast.Name) and node.value.id[:1].isupper()
    return isinstance(node.value, ast.Name) and node.value.id == "session"


@of_every_module
def test_nothing_is_left_for_later(module: Module) -> None:
    assert not re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b", module.text)
    assert "raise NotImplementedError" not in module.text or module.path == "app/crud/columns/base.py"


def test_the_product_speaks_of_itself_alone() -> None:
    """No machine paths and no registry's host name anywhere in what is kept."""
    kept = [
        p
        for p in ROOT.rglob("*")
        if p.is_file() and p.suffix in {".py", ".md", ".toml", ".html", ".css", ".js", ".txt", ".lock", ".cfg", ".ini"}
    ]
    kept = [p for p in kept if not {".venv", "var", "out", ".git", "build"}.intersection(p.relative_to(ROOT).parts)]
    hosts = re.compile(r"\b(?:\w+\.)?(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com|net)\b")
    machine = re.compile(r"(?<![\w.}>])/(?:root|work|home|Users)/\w")
    texts = {str(p.relative_to(ROOT)): p.read_text(encoding="utf-8", errors="ignore") for p in kept}
    assert [name for name, text in texts.items() if hosts.search(text) or machine.search(text)] == []
