"""A picture that somebody brings: really decoded, and written anew.

Nothing of the file is kept but its pixels: no place, camera, comment, colour profile or bytes behind the end. The
result fits every platform (core.pictures: MOST_BYTES, LONGEST_SIDE), so that one picture is read, approved and sent
everywhere.
"""

import io
from dataclasses import dataclass, field
from enum import StrEnum

from PIL import Image, ImageCms, ImageOps

from planner.rebuttals.core.pictures import LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, MOST_UPLOADED

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITIES = (90, 84, 78, 70)
SPARE = 0.9  # of each side that would just do, when no quality makes it small enough
# What Pillow raises over broken or hostile files; a bomb of pixels is refused by its size before it is unpacked.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, MemoryError)


class Fault(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    MOVES = "moves"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"


class PictureFault(ValueError):
    """The file is not taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as it will be kept: JPEG or PNG without metadata."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


def prepare(uploaded: bytes) -> Prepared:
    """The picture in `uploaded` (JPEG, PNG or WebP), turned upright, in sRGB, made to fit. Raises PictureFault."""
    if len(uploaded) > MOST_UPLOADED:
        raise PictureFault(Fault.TOO_LARGE)
    try:
        opened = Image.open(io.BytesIO(uploaded), formats=FORMATS)
    except BROKEN as error:
        raise PictureFault(Fault.NO_PICTURE) from error
    if getattr(opened, "is_animated", False) and opened.format != "MPO":
        raise PictureFault(Fault.MOVES)
    if opened.width * opened.height > MOST_PIXELS:
        raise PictureFault(Fault.TOO_MANY_PIXELS)
    try:
        return _written_anew(opened)
    except BROKEN as error:
        raise PictureFault(Fault.BROKEN) from error


def _written_anew(opened: Image.Image) -> Prepared:
    is_lossless = opened.format == "PNG"
    if not is_lossless:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG need not be unpacked whole
    pixels = _plain(ImageOps.exif_transpose(opened))
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if is_lossless or "A" in pixels.getbands():
        content = _saved(pixels, "PNG")
        if len(content) <= MOST_BYTES:
            return Prepared(content, "image/png", *pixels.size)
    return _as_jpeg(_on_white(pixels))


def _as_jpeg(pixels: Image.Image) -> Prepared:
    while True:
        for quality in QUALITIES:
            content = _saved(pixels, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(content) <= MOST_BYTES:
                return Prepared(content, "image/jpeg", *pixels.size)
        scale = SPARE * (MOST_BYTES / len(content)) ** 0.5
        pixels = pixels.resize((max(1, int(pixels.width * scale)), max(1, int(pixels.height * scale))))


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone, as RGB, RGBA or grey, in sRGB: an image that knows nothing of the file it came from."""
    if picture.mode.startswith("I"):  # sixteen bits a pixel, which Pillow would cut off instead of scaling
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    profile = picture.info.get("icc_profile")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if has_alpha else "L" if picture.mode in {"1", "L"} else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        picture = _in_srgb(picture, profile, mode)
    pixels = picture.convert(mode)
    plain = Image.new(mode, pixels.size)
    plain.paste(pixels)
    return plain


def _in_srgb(picture: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """Colours as the profile means them; as they stand where the profile cannot be read."""
    try:
        source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(picture, source, target, outputMode="RGB" if mode == "L" else mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return shown or picture


def _on_white(pixels: Image.Image) -> Image.Image:
    if pixels.mode != "RGBA":
        return pixels
    white = Image.new("RGB", pixels.size, "white")
    white.paste(pixels, mask=pixels.getchannel("A"))
    return white


def _saved(pixels: Image.Image, kind: str, **how: object) -> bytes:
    written = io.BytesIO()
    pixels.save(written, kind, **how)
    return written.getvalue()
