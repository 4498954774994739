#!/usr/bin/env python3
"""The front door: serves the application (default) and runs every command; each one is a file in a commands folder."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

from sqlalchemy.exc import OperationalError

import app.commands as house_commands
import config
import reports.commands as wing_commands
from app.commands import Speaker, speaker
from app.core.clock import now
from app.core.registry import modules
from app.domain.refusals import Refused, RefusedAll

REFUSED, WRONG_USE, BROKEN = 1, 2, 3


def meant(given: list[str]) -> list[ModuleType]:
    """The command that is called, where a file bears its name: a server need not load what learning needs. Otherwise all of them."""
    wanted = given[0].replace("-", "_") if given else "serve"
    called = modules(house_commands, wanted) + modules(wing_commands, wanted)
    return called or modules(house_commands) + modules(wing_commands)


def parser(commands: list[ModuleType], say: Speaker) -> argparse.ArgumentParser:
    """One sub-command per file."""
    top = argparse.ArgumentParser(prog="run.py", description=say("Frontline: serve the application, or run one command"))
    subs = top.add_subparsers(dest="command", metavar=say("command"))
    for command in commands:
        name = command.NAME
        sub = subs.add_parser(name, help=say(command.HELP), description=say(command.HELP))
        command.arguments(sub, say)
        sub.set_defaults(run=command.run)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 done, 1 refused with a reason, 2 wrongly called, 3 a fault whose details are in the error log."""
    given = sys.argv[1:] if arguments is None else arguments
    commands = meant(given)
    say = speaker(given)
    top = parser(commands, say)
    parsed = top.parse_args(given or ["serve"])
    if not parsed.command:
        top.print_help()
        return WRONG_USE
    try:
        return int(parsed.run(parsed, say) or 0)
    except RefusedAll as refused:
        for one in refused.refusals:
            print(say.phrase(one.phrase), file=sys.stderr)
        return REFUSED
    except Refused as refused:
        print(say.phrase(refused.phrase), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever was reading has seen enough
        return 0
    except KeyboardInterrupt:
        print(say("Stopped."), file=sys.stderr)
        return 130
    except OperationalError as error:
        log = _noted()
        said = say("The database does not answer, or refused: %(problem)s", problem=str(error.orig).splitlines()[0])
        print(f"{said}\n{log}", file=sys.stderr)
        return BROKEN
    except Exception:  # noqa: BLE001 - whatever else it is, a reader of a terminal gets a sentence, and the developer the details
        log = _noted()
        print(say("Something went wrong that should not. The details are in %(file)s.", file=str(log)), file=sys.stderr)
        return BROKEN


def _noted() -> Path:
    """Append what happened to the error log below ``FRONTLINE_HOME``."""
    place = config.HOME / "errors.log"
    with place.open("a", encoding="utf-8") as log:
        log.write(f"{now().isoformat(timespec='seconds')} run.py {' '.join(sys.argv[1:2])}\n{traceback.format_exc()}\n")
    return place


if __name__ == "__main__":
    sys.exit(main())
