"""Files that people bring: really decoded, written anew, and refused with a reason."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from planner.rebuttals.adapters import picture_files
from planner.rebuttals.adapters.picture_files import Fault, PictureFault, prepare
from planner.rebuttals.core.pictures import LONGEST_SIDE, MOST_BYTES, MOST_UPLOADED

SECRETS = [b"Mosul", b"Canon", b"33.3152", b"GPS", b"https://leak.example.org", b"<script"]
UPSIDE_DOWN = 3


def written(picture: Image.Image, kind: str, **how) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def gradient(width=120, height=80) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def telling(orientation=1) -> Image.Exif:
    """What a camera writes: itself, a comment, the place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x010E], exif[0x0112] = "Canon", "Mosul, https://leak.example.org", orientation
    exif.get_ifd(0x8825)[29] = "GPS 33.3152"
    return exif


def opened(prepared) -> Image.Image:
    picture = Image.open(io.BytesIO(prepared.content))
    picture.load()
    assert (picture.get_format_mimetype(), picture.size) == (prepared.media_type, (prepared.width, prepared.height))
    return picture


def refusal(content: bytes) -> Fault:
    with pytest.raises(PictureFault) as refused:
        prepare(content)
    return refused.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_of_a_file_but_its_pixels(kind):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "Mosul, <script>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    how = {"exif": telling().tobytes(), "icc_profile": profile, "xmp": b"<x>Mosul Canon</x>"}
    more = {"JPEG": {"comment": b"Mosul"}, "PNG": {"pnginfo": text, "dpi": (300, 300)}, "WEBP": {}}[kind]
    content = written(gradient(), kind, **how, **more) + b"<script>Mosul</script>"
    assert any(secret in content for secret in SECRETS)
    prepared = prepare(content)
    assert not any(secret in prepared.content for secret in SECRETS)
    seen = opened(prepared)
    assert set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert not seen.getexif()
    assert prepared.media_type == ("image/png" if kind == "PNG" else "image/jpeg")


def test_a_picture_taken_upside_down_stands_upright():
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 40, 10))
    seen = opened(prepare(written(picture, "JPEG", exif=telling(UPSIDE_DOWN).tobytes(), quality=95))).convert("L")
    assert seen.getpixel((20, 2)) > 200
    assert seen.getpixel((20, 17)) < 60


def test_colours_of_another_profile_are_what_they_mean():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    assert lab.profile.xcolor_space.strip() == "Lab"
    odd = written(Image.new("RGB", (8, 8), (200, 40, 40)), "PNG", icc_profile=lab.tobytes())  # does not fit RGB
    fits = written(Image.new("RGB", (8, 8), (200, 40, 40)), "PNG", icc_profile=srgb.tobytes())
    for content in (odd, fits, written(Image.new("RGB", (8, 8), (200, 40, 40)), "PNG", icc_profile=b"broken")):
        assert all(
            abs(a - b) <= 2 for a, b in zip(opened(prepare(content)).getpixel((4, 4)), (200, 40, 40), strict=True)
        )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_of_pixels_is_shown_and_stays_grey(mode):
    grey = Image.new("L", (30, 20), 128)
    picture = Image.new(mode, (30, 20), 128 * 257) if mode.startswith("I") else grey.convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    seen = opened(prepare(written(picture, kind))).convert("RGB").getpixel((7, 7))
    assert mode == "1" or all(110 < value < 146 for value in seen), seen


def test_what_is_clear_stays_clear_where_it_may_and_is_white_in_a_jpeg(monkeypatch):
    clear = Image.new("RGBA", (30, 20), (255, 0, 0, 0))
    assert opened(prepare(written(clear, "PNG"))).getpixel((3, 3))[3] == 0
    monkeypatch.setattr(picture_files, "MOST_BYTES", 2000)
    noise = Image.effect_noise((200, 150), 90).convert("RGBA")
    noise.putalpha(0)
    seen = opened(prepare(written(noise, "PNG")))
    assert (seen.mode, seen.getpixel((70, 70))) == ("RGB", (255, 255, 255))


@pytest.mark.parametrize(("size", "kind"), [((3600, 2100), "JPEG"), ((700, 2800), "PNG"), ((4000, 90), "WEBP")])
def test_whatever_is_brought_fits_everywhere_afterwards(size, kind):
    noise = Image.effect_noise((500, 500), 120).resize(size).convert("RGB")
    prepared = prepare(written(noise, kind))
    assert len(prepared.content) <= MOST_BYTES
    assert max(opened(prepared).size) <= LONGEST_SIDE
    assert abs(prepared.width / prepared.height - size[0] / size[1]) < size[0] / size[1] * 0.02


def test_noise_is_made_smaller_until_it_fits(monkeypatch):
    monkeypatch.setattr(picture_files, "MOST_BYTES", 20_000)
    prepared = prepare(written(Image.effect_noise((900, 600), 120), "PNG"))
    assert len(prepared.content) <= 20_000
    assert prepared.width < 900


# refused --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xff\xd8\xff",
    ],
)
def test_what_is_no_picture_is_refused(content):
    assert refusal(content) in {Fault.NO_PICTURE, Fault.BROKEN}


def test_other_kinds_of_pictures_are_refused_although_they_could_be_read():
    for kind in ("GIF", "BMP", "TIFF", "ICO"):
        assert refusal(written(gradient(), kind)) is Fault.NO_PICTURE


def test_what_moves_is_refused():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    for kind in ("WEBP", "PNG"):
        assert refusal(written(frames[0], kind, save_all=True, append_images=frames[1:])) is Fault.MOVES


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked():
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    assert refusal(bomb) in {Fault.TOO_MANY_PIXELS, Fault.NO_PICTURE}
    assert refusal(bomb.replace(header, struct.pack(">IIBBBBB", 9_000, 9_000, 8, 2, 0, 0, 0))) in {
        Fault.TOO_MANY_PIXELS,
        Fault.NO_PICTURE,  # the header's checksum no longer fits
    }


def test_a_file_too_large_is_not_looked_at():
    assert refusal(bytes(MOST_UPLOADED + 1)) is Fault.TOO_LARGE


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_a_picture_or_a_reason_and_never_an_error(data):
    for kind in ("JPEG", "PNG", "WEBP"):
        content = bytearray(written(gradient(40, 30), kind))
        for _ in range(data.draw(st.integers(1, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(PictureFault):
            opened(prepare(bytes(content[: data.draw(st.integers(1, len(content)))])))
