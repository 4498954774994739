"""``python -m migrations "what changed"``: writes a numbered migration for what changed in the tables; read it before you keep it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from flask_migrate import revision

from app.factory import create_app

VERSIONS = Path(__file__).parent / "versions"


def main(arguments: list[str]) -> int:
    """Compare the tables with the database and write the difference."""
    if not arguments or not arguments[0].strip():
        sys.stderr.write('say what changed: python -m migrations "add …"\n')
        return 2
    numbers = [int(match[1]) for path in VERSIONS.glob("*.py") if (match := re.match(r"(\d{4})_", path.name))]
    with create_app().app_context():
        revision(message=arguments[0], autogenerate=True, rev_id=f"{max(numbers, default=0) + 1:04d}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
