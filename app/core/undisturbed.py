"""Rest for the collector of cycles while very many small values are made that form none: it would look through all of them in vain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """The collector is off inside, and as it was before afterwards; counting references frees what is let go of all the same."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
