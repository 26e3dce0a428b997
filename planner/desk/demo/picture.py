"""The one picture of the demonstration, drawn by us: five bridges over a river at night, all of them lit."""

import io
from datetime import datetime

from PIL import Image, ImageDraw

from planner.people.models import User
from planner.rebuttals.adapters.picture_files import prepare
from planner.rebuttals.core.words import Shown
from planner.rebuttals.services import keep_picture

SIZE = (1280, 720)
NIGHT, WATER, STONE, LIGHT = "#101826", "#1d3a5f", "#8d99a6", "#ffd27d"
BRIDGES, LAMPS = 5, 9
ALT = "Drawing: the river at night with all five bridges standing and lit, cars on each of them."


def picture(*, by: User, now: datetime) -> Shown:
    """The picture, kept, with its English alt text."""
    return Shown(keep_picture(prepare(_drawn()), by=by, now=now).sha256, ALT)


def _drawn() -> bytes:
    width, height = SIZE
    drawing = Image.new("RGB", SIZE, NIGHT)
    draw = ImageDraw.Draw(drawing)
    draw.polygon([(width * 0.44, 0), (width * 0.56, 0), (width * 0.78, height), (width * 0.22, height)], WATER)
    for number in range(BRIDGES):
        nearness = (number + 1) / BRIDGES
        y, half, deck = height * (0.08 + 0.78 * nearness**1.4), width * (0.12 + 0.3 * nearness), 4 + 14 * nearness
        left, right = width / 2 - half, width / 2 + half
        draw.rectangle((left, y, right, y + deck), STONE)
        for lamp in range(LAMPS):
            x = left + (right - left) * lamp / (LAMPS - 1)
            draw.line((x, y, x, y - 3 * deck), STONE, 2)
            draw.ellipse((x - deck / 3, y - 3.4 * deck, x + deck / 3, y - 2.7 * deck), LIGHT)
        for car in (0.22, 0.47, 0.71):
            x = left + (right - left) * car
            draw.rounded_rectangle((x, y - deck, x + 2.4 * deck, y), deck / 3, "#c8d2dc")
            draw.ellipse((x + 2.1 * deck, y - deck * 0.6, x + 2.4 * deck, y - deck * 0.3), LIGHT)
    written = io.BytesIO()
    drawing.save(written, "PNG")
    return written.getvalue()
