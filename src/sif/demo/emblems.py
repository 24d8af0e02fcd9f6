"""Draw an emblem for each party and coalition of the demonstration, and register it by its accord."""

import io
from datetime import date

from PIL import Image, ImageDraw, ImageFont

from sif.books.emblems import keep_emblem
from sif.demo.world import World
from sif.registry.emblems import NewEmblem, register_emblem

SIDE = 512
COLOURS = ("#6b3fa0", "#b4531f", "#1f6f5c", "#2b5fa8", "#8a2846")
ACCORD, SINCE = "IEEA/CG03/2025", date(2025, 1, 10)


def draw_emblems(world: World) -> int:
    """Register the emblem of each that has no candidate of its own name; return how many."""
    alliances = [subject for siglas, subject in world.subjects.items() if siglas != "CI"]
    for subject, colour in zip(alliances, COLOURS, strict=True):
        kept = keep_emblem(_drawn(subject.siglas, colour))
        name = f"emblema-{subject.siglas.lower()}.png"
        new = NewEmblem(ACCORD, SINCE, name, kept.sha256, kept.figura_sha256)
        register_emblem(subject, new, world.people["hugo"])
    return len(alliances)


def _drawn(siglas: str, colour: str) -> bytes:
    """Draw the siglas in white within a disc of a colour, as a PNG."""
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((16, 16, SIDE - 16, SIDE - 16), fill=colour)
    pen.text((SIDE // 2, SIDE // 2), siglas, font=ImageFont.load_default(SIDE // 3), anchor="mm", fill="white")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
