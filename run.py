#!/usr/bin/env python3
"""The front door: serves the application (default) and runs every command; each one is a file in a commands folder."""

from __future__ import annotations

import argparse
import os
import sys
from types import ModuleType

import app.commands as house_commands
import reports.commands as wing_commands
from app.commands import Speaker, speaker
from app.core.registry import modules
from app.domain.refusals import Refused, RefusedAll

WRONG_USE, REFUSED = 2, 1


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
    """Run a command; 0 done, 1 refused with a reason, 2 wrongly called."""
    given = sys.argv[1:] if arguments is None else arguments
    commands = modules(house_commands) + modules(wing_commands)
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


if __name__ == "__main__":
    sys.exit(main())
