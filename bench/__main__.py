"""``python -m bench [--small] [name …]``: runs the measurements and prints a table."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

import bench
from app.core.registry import modules


def main(arguments: list[str]) -> int:
    """Run every module of this folder that measures."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--small", action="store_true", help="fewer rows, for a quick look")
    parser.add_argument("names", nargs="*", help="only these")
    parsed = parser.parse_args(arguments)
    print(f"{'what':<58} {'ours':>10} {'rival':>10} {'ratio':>7}  rival")
    for module in modules(bench):
        if not hasattr(module, "measure") or (parsed.names and module.__name__.rpartition(".")[2] not in parsed.names):
            continue
        for line in module.measure(small=parsed.small):
            print(
                f"{line.what:<58} {line.ours:>8.2f} {line.unit} {line.rivals:>8.2f} {line.unit} {line.ratio:>7.2f}  {line.rival}",
                flush=True,
            )
            if line.note:
                print(f"{'':<6}{line.note}")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("FRONTLINE_HOME", tempfile.mkdtemp(prefix="frontline-bench-"))
    sys.exit(main(sys.argv[1:]))
