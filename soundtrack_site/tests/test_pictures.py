"""What is made of the files that people choose, whatever is in them."""

from __future__ import annotations

import random
import re
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import RequestFactory
from PIL import Image, ImageCms

from soundtrack_site import pictures
from soundtrack_site.pictures import (
    AVATAR,
    MOST_BYTES,
    NAME,
    POSTER,
    STILL,
    Picture,
    address,
    develop,
    discard,
    forget,
    in_srgb,
    small,
    stored,
)
from soundtrack_site.uploads import PictureField, developed

RED, BLUE = (200, 0, 0), (0, 0, 200)


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> ContentFile[bytes]:
    file = BytesIO()
    image.save(file, kind, **options)
    return ContentFile(file.getvalue(), name="any.name")


def plain(width: int = 300, height: int = 300, mode: str = "RGB", colour: Any = RED) -> Image.Image:
    return Image.new(mode, (width, height), colour)


def two_halves(width: int = 400, height: int = 300) -> Image.Image:
    """Red on the left, blue on the right."""
    image = plain(width, height)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def shown(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=["WEBP"])
    image.load()
    return image


def is_about(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(is_ - should) < 24 for is_, should in zip(pixel, colour, strict=True))


def refusal(file: Any, shape: Any = AVATAR) -> str:
    with pytest.raises(ValidationError) as refused:
        develop(file, shape)
    assert refused.value.messages[0].endswith(".")
    return str(refused.value.code)


# What becomes of a picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_kind_becomes_two_squares(kind):
    picture = develop(file_of(two_halves(), kind), AVATAR)
    assert (picture.width, picture.height) == (256, 256)
    assert (shown(picture.large).size, shown(picture.small).size) == ((256, 256), (80, 80))
    assert is_about(shown(picture.large).getpixel((20, 128)), RED)
    assert is_about(shown(picture.small).getpixel((70, 40)), BLUE)


def test_a_name_and_what_a_file_says_of_itself_decide_nothing():
    upload = SimpleUploadedFile("picture.exe", file_of(plain()).read(), content_type="text/html")
    assert develop(upload, AVATAR)


def test_a_poster_keeps_its_shape_and_is_never_enlarged():
    wide = develop(file_of(plain(1600, 2400)), POSTER)
    assert (wide.width, wide.height) == (800, 1200)
    assert shown(wide.small).size == (400, 600)
    narrow = develop(file_of(plain(300, 450)), POSTER)
    assert (narrow.width, narrow.height) == shown(narrow.small).size == (300, 450)


def test_names_are_random_and_known_to_the_view():
    one, other = (develop(file_of(plain()), STILL) for _ in range(2))
    assert one.name != other.name
    for name in (one.name, small(one.name)):
        assert re.fullmatch(NAME, name)
        assert name.startswith("stills/")
        assert address(name) == f"/media/{name}"


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_is_turned_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    held = two_halves(400, 400).transpose(turns[orientation])
    picture = develop(file_of(held, "JPEG", exif=exif), AVATAR)
    assert is_about(shown(picture.large).getpixel((20, 128)), RED)
    assert is_about(shown(picture.large).getpixel((236, 128)), BLUE)


def test_no_word_of_the_file_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "At home, Seoul"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind, options in (("JPEG", {"comment": b"At home"}), ("PNG", {}), ("WEBP", {"xmp": b"<x>At home</x>"})):
        picture = develop(file_of(plain(), kind, exif=exif, icc_profile=profile, **options), AVATAR)
        for content in (picture.large, picture.small):
            assert not {"exif", "icc_profile", "xmp", "comment"} & {*shown(content).info}
            assert b"home" not in content


def test_wide_colours_are_brought_home():
    """By the profile of this one its red is what everybody else calls blue."""
    srgb = ImageCms.createProfile("sRGB")
    swapped = bytearray(ImageCms.ImageCmsProfile(srgb).tobytes())
    red, blue = swapped.find(b"rXYZ"), swapped.find(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    picture = develop(file_of(plain(colour=(255, 0, 0)), icc_profile=bytes(swapped)), AVATAR)
    seen: Any = shown(picture.large).getpixel((9, 9))
    assert seen[2] > seen[0]
    damaged = develop(file_of(plain(), icc_profile=b"no profile at all"), AVATAR)
    assert is_about(shown(damaged.large).getpixel((9, 9)), RED)


@pytest.mark.parametrize(
    ("image", "kind", "colour"),
    [
        (plain(mode="RGBA", colour=(*RED, 0)), "PNG", (255, 255, 255)),
        (plain(mode="RGBA", colour=(*RED, 255)), "WEBP", RED),
        (plain(mode="LA", colour=(0, 0)), "PNG", (255, 255, 255)),
        (plain(mode="L", colour=90), "PNG", (90, 90, 90)),
        (plain(mode="1", colour=1), "PNG", (255, 255, 255)),
        (plain(mode="I;16", colour=128 * 256), "PNG", (128, 128, 128)),
        (plain(mode="CMYK", colour=(0, 255, 255, 55)), "JPEG", RED),
        (plain().convert("P"), "GIF", RED),
        (plain().convert("P"), "PNG", RED),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else str(value),  # not where it lies in memory
)
def test_every_kind_of_colour_comes_out_as_it_looks(image, kind, colour):
    picture = develop(file_of(image, kind), AVATAR)
    assert shown(picture.large).mode == "RGB"
    assert is_about(shown(picture.large).getpixel((128, 128)), colour)


def test_a_palette_with_a_hole_shows_paper():
    hole = plain(mode="P", colour=0)
    assert is_about(
        shown(develop(file_of(hole, "GIF", transparency=0), AVATAR).large).getpixel((9, 9)), (255, 255, 255)
    )


def test_a_cameras_second_picture_is_not_animation():
    camera = file_of(two_halves(), "MPO", save_all=True, append_images=[plain()])
    assert is_about(shown(develop(camera, AVATAR).large).getpixel((20, 128)), RED)


# What is refused


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_picture_that_moves_is_refused(kind):
    frames = [plain(colour=BLUE), plain(colour=(0, 90, 0))]
    assert refusal(file_of(plain(), kind, save_all=True, append_images=frames)) == "animated"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\0", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unreadable"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "unreadable"),
        (b"GIF89a<script>alert(1)</script>", "unreadable"),
        (b"%PDF-1.4", "unreadable"),
        (b"II*\0" + bytes(400), "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unreadable"),
        (b"RIFF\x0c\0\0\0WEBPVP8 ", "damaged"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_picture_is_refused(content, code):
    assert refusal(ContentFile(content, name="picture.png")) == code


def test_other_kinds_are_refused():
    for kind in ("BMP", "TIFF", "ICO"):
        assert refusal(file_of(plain(), kind)) == "unreadable"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_that_was_cut_short_is_refused(kind):
    noise = Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270_000))  # noqa: S311
    whole = file_of(noise, kind).read()
    for part in (0.2, 0.5, 0.9):
        assert refusal(ContentFile(whole[: int(len(whole) * part)])) in ("damaged", "unreadable")


def png_of(width: int, height: int) -> ContentFile[bytes]:
    """A header that promises so many pixels, and next to nothing behind it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return ContentFile(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", 0x35AF061E))


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((4001, 4000), "vast"),
        ((5600, 5600), "vast"),
        ((60_000, 60_000), "vast"),
        ((2**31 - 1, 2**31 - 1), "vast"),
        ((1, 1), "tiny"),
        ((1, 16_000), "tiny"),
        ((79, 300), "tiny"),
    ],
    ids=str,
)
def test_a_size_is_refused_before_anything_is_decoded(size, code):
    assert refusal(png_of(*size)) == code


def test_what_is_just_allowed():
    assert develop(file_of(plain(4000, 4000, "L", 7)), AVATAR)
    assert develop(file_of(plain(80, 16_000)), AVATAR)
    assert develop(file_of(plain(200, 800)), POSTER)
    assert refusal(file_of(plain(200, 801)), POSTER) == "strip"
    assert refusal(file_of(plain(199, 300)), POSTER) == "tiny"


def test_a_heavy_file_is_refused_unread():
    assert refusal(ContentFile(bytes(MOST_BYTES + 1))) == "heavy"
    padded = file_of(plain()).read()
    assert develop(ContentFile(padded + bytes(MOST_BYTES - len(padded))), AVATAR)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # it says which tag it skips
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_whatever_happened_to_a_file_there_is_an_answer(kind):
    """Bytes changed at random: a picture or a refusal, nothing else."""
    dice = random.Random(kind)  # noqa: S311
    exif = Image.Exif()
    exif[0x0112] = 6
    options: dict[str, Any] = {} if kind == "GIF" else {"exif": exif}
    whole = file_of(two_halves(120, 90), kind, **options).read()
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            assert develop(ContentFile(bytes(damaged)), AVATAR).width == 256
        except ValidationError:
            continue


@pytest.mark.parametrize("part", ["fit", "webp"])
def test_a_fault_of_ours_is_not_blamed_on_the_file(monkeypatch, part):
    def fail(*values: Any) -> None:
        raise TypeError("ours")

    monkeypatch.setattr(f"soundtrack_site.pictures.{part}", fail)
    with pytest.raises(TypeError, match="ours"):
        develop(file_of(plain()), AVATAR)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "LA", "P", "I;16"])
@pytest.mark.parametrize("size", [(2500, 2500), (1100, 5000)], ids=str)
def test_colours_and_paper_are_worked_out_on_few_pixels(monkeypatch, mode, size):
    """A file of some kB may hold sixteen million: each step at that size would cost a worker 64 MB more."""
    worked_on = []

    def measured(image: Image.Image, profile: Any) -> Image.Image:
        worked_on.append(max(image.size))
        return in_srgb(image, profile)

    monkeypatch.setattr("soundtrack_site.pictures.in_srgb", measured)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colour = {"RGBA": (*RED, 255), "RGB": RED, "LA": (128, 255), "P": 0, "I;16": 128 * 256}[mode]
    picture = develop(file_of(plain(size[0], size[1], mode, colour), icc_profile=profile), AVATAR)
    assert shown(picture.large).size == (256, 256)
    assert worked_on
    assert max(worked_on) < 4 * AVATAR.large


def test_a_large_picture_is_cut_and_turned_as_a_small_one():
    exif = Image.Exif()
    exif[0x0112] = 6
    held = two_halves(3000, 2000).transpose(Image.Transpose.ROTATE_90)
    large = shown(develop(file_of(held, exif=exif), AVATAR).large)
    for at, colour in (((10, 128), RED), ((120, 10), RED), ((136, 245), BLUE), ((246, 128), BLUE)):
        assert is_about(large.getpixel(at), colour)


# How long its files stay


@pytest.fixture
def picture():
    return develop(file_of(plain()), AVATAR)


def test_a_picture_that_a_row_took_stays_in_both_sizes(picture, media):
    with stored(picture):
        picture.is_taken = True
    assert media() == {picture.name, small(picture.name)}
    with default_storage.open(picture.name) as file:
        assert file.read() == picture.large


def test_a_picture_that_no_row_took_goes(picture, media):
    with stored(picture):
        assert media()
    assert not media()


def test_what_fails_leaves_no_file(picture, media):
    with pytest.raises(LookupError), stored(picture):  # noqa: PT012
        picture.is_taken = True
        raise LookupError
    assert not media()


def test_half_a_picture_does_not_stay(picture, media, monkeypatch):
    save = default_storage.save

    def save_one(name: str, content: Any) -> str:
        if "small" in name:
            raise OSError("disk full")
        return str(save(name, content))

    monkeypatch.setattr(default_storage, "save", save_one)
    with pytest.raises(OSError, match="disk full"), stored(picture):
        pass
    assert not media()


@pytest.mark.django_db(transaction=True)
def test_an_old_picture_goes_once_its_row_has_let_go_for_certain(picture, media):
    with stored(picture):
        picture.is_taken = True
    with pytest.raises(LookupError), transaction.atomic():  # noqa: PT012
        forget(picture.name)
        raise LookupError
    assert media()
    with transaction.atomic():
        forget(picture.name)
        assert media()
    assert not media()
    forget("")
    discard(picture.name)  # twice is once


# Being sent one


def test_a_field_answers_the_developed_picture():
    field = PictureField(AVATAR)
    upload = SimpleUploadedFile("a.png", file_of(plain()).read())
    picture = field.clean(upload)
    assert isinstance(picture, Picture)
    assert field.clean(upload) is picture is developed(upload, AVATAR)
    with pytest.raises(ValidationError):
        field.clean(None)
    assert PictureField(AVATAR, required=False).clean(None) is None


def test_a_refusal_is_said_each_time():
    upload = SimpleUploadedFile("a.png", b"no")
    for _ in range(2):
        with pytest.raises(ValidationError):
            developed(upload, AVATAR)


def test_no_more_of_an_upload_is_kept_than_a_picture_may_weigh():
    heavy = SimpleUploadedFile("a.png", bytes(3 * MOST_BYTES))
    request = RequestFactory().post("/", {"avatar": heavy})
    upload: Any = request.FILES["avatar"]
    assert upload.size == 3 * MOST_BYTES
    assert len(upload.read()) < MOST_BYTES + 100_000
    assert refusal(upload) == "heavy"


@pytest.mark.parametrize(("size", "worked_on"), [((1000, 4000), (800, 3200)), ((4000, 1000), (3200, 800))])
def test_a_long_picture_is_small_before_its_colours_are_worked_on(size, worked_on, monkeypatch):
    seen: list[tuple[int, int]] = []

    def on_paper(image: Image.Image) -> Image.Image:
        seen.append(image.size)
        return image

    monkeypatch.setattr(pictures, "on_paper", on_paper)
    pictures.clean(Image.new("RGB", size), POSTER)
    assert seen == [worked_on]
