"""Other programs that read our files: LibreOffice and Poppler, for tests that need a second opinion."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

COMPLETE = "FRONTLINE_TEST_COMPLETE"
"""Set where every test must run (CI): a missing program is then a failure, not a skip."""


def program(name: str) -> str:
    """The path of a program of the system; the test is skipped, visibly, where it is not installed."""
    found = shutil.which(name)
    if found is None and os.environ.get(COMPLETE):
        pytest.fail(f"{name} is needed for this test")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def converted(path: Path, to: str, folder: Path) -> Path:
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [program("soffice"), profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def results_of(path: Path) -> Any:
    """A workbook that LibreOffice wrote; openpyxl says aloud that it drops LibreOffice's own data bars."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* extension is not supported", UserWarning)
        return openpyxl.load_workbook(path, data_only=True)
