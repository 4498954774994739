"""Small copies of pictures for pages: drawn anew, so that nothing a camera wrote into the original (the place above all) goes along."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 320
MOST_PIXELS = 60_000_000
"""Beyond, drawing a small copy would take more memory than a page may cost; JPEG files are read at a fraction of their size."""

_READABLE = ("JPEG", "PNG", "GIF", "WEBP")


def small_copy(path: Path) -> bytes | None:
    """A JPEG of at most ``SIDE`` pixels, upright, without metadata; nothing where the picture cannot be drawn."""
    try:
        with Image.open(path, formats=_READABLE) as picture:
            picture.draft("RGB", (SIDE * 2, SIDE * 2))
            if picture.width * picture.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            ground = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA")
            ground.paste(seen, mask=seen.getchannel("A"))
            kept = BytesIO()
            ground.save(kept, "JPEG", quality=80)
            return kept.getvalue()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
