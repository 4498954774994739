"""The front door: help, wrong use and wrong settings, in both languages, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("check", "demo", "export", "import", "init", "score", "serve", "worker")


def said(home: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    environment = {**os.environ, "FRONTLINE_HOME": str(home), **settings}
    done = subprocess.run([sys.executable, "run.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    assert "Traceback" not in text, text
    return done.returncode, text


def test_help_lists_every_command_in_chinese_by_default(tmp_path: Path) -> None:
    code, text = said(tmp_path, "--help")
    assert code == 0
    assert all(f"\n    {name} " in text for name in COMMANDS)
    assert text.startswith("用法：") and "选项" in text and "usage" not in text


def test_help_is_english_on_request(tmp_path: Path) -> None:
    code, text = said(tmp_path, "export", "--help", FRONTLINE_LANG="en")
    assert code == 0 and text.startswith("usage: run.py export") and "Directory to write to" in text


@pytest.mark.parametrize(
    ("arguments", "language", "sentence"),
    [
        (("score",), "zh", "缺少必需的参数：--period/--month"),
        (("score",), "en", "the following arguments are required: --period/--month"),
        (("dance",), "zh", "无效的取值"),
        (("serve", "--port", "eighty"), "en", "argument --port: invalid"),
    ],
)
def test_wrong_use_exits_with_2_and_says_why(tmp_path: Path, arguments: tuple[str, ...], language: str, sentence: str) -> None:
    code, text = said(tmp_path, *arguments, FRONTLINE_LANG=language)
    assert code == 2 and sentence in text


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        ({"DATABASE_URL": "not a url"}, ("不是数据库地址", "is no database URL")),
        ({"DATABASE_URL": "mysql://somebody:secret@127.0.0.1/x"}, ("只支持", "only SQLite and PostgreSQL")),
        ({"PORT": "eighty"}, ("应为整数", "must be a whole number")),
        ({"FRONTLINE_HOME": "/dev/null/var"}, ("数据目录无法使用", "the data directory cannot be used")),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_both_languages(
    tmp_path: Path, settings: dict[str, str], sentences: tuple[str, str]
) -> None:
    code, text = said(tmp_path, "check", **settings)
    assert code == 1
    assert all(sentence in text for sentence in (*sentences, *settings))
    assert "secret" not in text, "a database's password is not printed"


def test_an_empty_machine_is_told_what_to_do_first(tmp_path: Path) -> None:
    code, text = said(tmp_path, "score", "--month", "2018-09", FRONTLINE_LANG="en")
    assert code == 1 and "run.py init" in text
    assert "run.py init" in said(tmp_path, "score", "--month", "2018-09")[1]


def test_a_database_that_is_away_gives_a_sentence_and_a_log(tmp_path: Path) -> None:
    code, text = said(tmp_path, "init", FRONTLINE_LANG="en", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert code == 3 and "The database does not answer" in text
    assert "OperationalError" in (tmp_path / "errors.log").read_text("utf-8")


def test_check_tells_what_is_well_and_what_is_not(tmp_path: Path) -> None:
    assert said(tmp_path, "init")[0] == 0
    assert said(tmp_path, "init")[0] == 0, "repeating it changes nothing"
    code, text = said(tmp_path, "check", FRONTLINE_LANG="en")
    assert code == 0 and text.count("✓") == len(text.splitlines()) >= 5
    code, text = said(tmp_path, "check", FRONTLINE_LANG="en", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert code == 1 and "✗ Database: the database does not answer" in text


def test_a_server_loads_nothing_of_what_learning_needs() -> None:
    loaded = "import sys, run; print([c.NAME for c in run.meant(['serve'])], 'sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert done.strip() == "['serve'] False"


def test_a_command_whose_file_is_called_otherwise_is_found() -> None:
    assert "import" in [command.NAME for command in run.meant(["import"])]
