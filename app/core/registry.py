"""A folder is a registry: every module in it is a member, and adding a file is all it takes to join."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def modules(package: ModuleType, only: str = "") -> list[ModuleType]:
    """Import and return the public modules of ``package``, by name; those starting with ``_`` are private.

    With ``only`` nothing but the module of that name, if there is one: the others are not even loaded.
    """
    names = (m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))
    found = sorted(name for name in names if not only or name == only)
    return [importlib.import_module(f"{package.__name__}.{name}") for name in found]


def members(package: ModuleType, attribute: str) -> list[Any]:
    """What each module of ``package`` offers under ``attribute``; a module without it does not take part."""
    return [getattr(module, attribute) for module in modules(package) if hasattr(module, attribute)]
