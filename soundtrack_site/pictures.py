"""Pictures that people upload: looked at by content, turned upright, drawn anew as WebP in two sizes.

Nothing of the file itself is kept: no metadata, no second picture behind the first, no bytes that somebody chose.
Names are random and never used again, so an answer with a picture may be kept for ever; a picture's address is known
only to those whom a page has sent it. One name is stored, the larger size's; the smaller one's follows from it.

`develop` takes up to a second and storage may be far away: both go before a transaction, never into it.
"""

from __future__ import annotations

import secrets
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 16_000_000
LONGEST_TO_SHORTEST = 4  # of a picture that is not squared
QUALITY = 82
PAPER = (255, 255, 255)  # what shows through where a picture is transparent

# Pillow warns beyond this many pixels and refuses only beyond twice as many.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# What Pillow's decoders raise over a file that is not what it says.
DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class Shape:
    """What is made of a picture: where it is kept, and how many pixels its two sizes are wide."""

    folder: str
    large: int
    small: int
    least: int  # pixels each way that a file must have
    is_square: bool = False

    def middle(self, image: Image.Image) -> Image.Image:
        """What will be shown of it: all, or the square in the middle."""
        width, height = image.size
        if not self.is_square or width == height:
            return image
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return image.crop((left, top, left + side, top + side))


AVATAR = Shape("avatars", large=256, small=80, least=80, is_square=True)
POSTER = Shape("posters", large=800, small=400, least=200)
STILL = Shape("stills", large=1280, small=640, least=200)

# Every name that `develop` can give, and no other.
NAME = r"(?:avatars|posters|stills)/[0-9a-f]{32}(?:-small)?\.webp"


@dataclass
class Picture:
    """Developed and not yet stored; `is_taken` once a row has its name."""

    name: str
    width: int  # of the larger size, as is the height
    height: int
    large: bytes
    small: bytes
    is_taken: bool = False


# Developing


def develop(upload: File[bytes], shape: Shape) -> Picture:
    """The picture in a file, in both sizes. Raises ValidationError with a sentence for whoever chose the file."""
    print_ = clean(decoded(upload, shape), shape)
    sizes = [fit(print_, shape, width) for width in (shape.large, shape.small)]
    large, small = [webp(size) for size in sizes]
    return Picture(f"{shape.folder}/{secrets.token_hex(16)}.webp", *sizes[0].size, large, small)


def decoded(upload: File[bytes], shape: Shape) -> Image.Image:
    """What Pillow reads in a file. Nothing else is done in here: a fault of ours is no damage of theirs."""
    check_weight(upload)
    try:
        with Image.open(upload, formats=FORMATS) as image:
            check_size(image, shape)
            if image.format in ("JPEG", "MPO"):  # decodes to no more than a few times that
                image.draft(cast("str", None), (2 * shape.large, 2 * shape.large))
            image.load()
            return in_plain_channels(shape.middle(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many_pixels() from None
    except UnidentifiedImageError:
        raise ValidationError(
            _("That is not a picture that can be read here. Choose a JPEG, PNG, WebP or GIF file, please."),
            code="unreadable",
        ) from None
    except DAMAGED:
        raise ValidationError(
            _("That file is damaged, or not all of it has arrived. Try it again, or choose another, please."),
            code="damaged",
        ) from None


def check_weight(upload: File[bytes]) -> None:
    if not upload.size:
        raise ValidationError(_("That file is empty. Choose another, please."), code="empty")
    if upload.size > MOST_BYTES:
        raise ValidationError(_("At most 5 MB, please. That file is larger."), code="heavy")


def too_many_pixels() -> ValidationError:
    return ValidationError(_("At most 16 megapixels, please. That picture has more."), code="vast")


def check_size(image: Image.Image, shape: Shape) -> None:
    """By what the file says of itself: nothing is decoded yet."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise too_many_pixels()
    # A camera's JPEG may carry a second picture, of depth or brightness: that is not one that moves.
    if image.format not in ("JPEG", "MPO") and getattr(image, "is_animated", False):
        raise ValidationError(_("That picture moves. Choose one that stands still, please."), code="animated")
    if min(width, height) < shape.least:
        raise ValidationError(
            _("At least %(least)s pixels each way, please. That picture has %(width)s × %(height)s."),
            code="tiny",
            params={"least": shape.least, "width": width, "height": height},
        )
    if not shape.is_square and max(width, height) > LONGEST_TO_SHORTEST * min(width, height):
        raise ValidationError(
            _("That picture is too long for its width. At most four times as long as wide, please."), code="strip"
        )


def in_plain_channels(image: Image.Image) -> Image.Image:
    """In a kind of colours that can be reckoned with: palettes and deep greys cannot."""
    if image.mode in ("I", "I;16", "I;16B", "I;16L"):  # greys of 16 bits, which `convert` would only cut off
        image = image.point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def clean(image: Image.Image, shape: Shape) -> Image.Image:
    """Small enough to work on, the right way up, in plain colours on paper, and nothing else of the file."""
    # In place, so that nothing holds on to 64 MB of pixels while each of the next steps makes a copy. Before it is
    # known which way up it is: neither way may the larger size lack pixels.
    least, most = shape.large, LONGEST_TO_SHORTEST * shape.large
    image.thumbnail((least, most) if image.width < image.height else (most, least), Image.Resampling.LANCZOS)
    with suppress(*DAMAGED):  # which way up it was held is not worth losing a picture for
        image = ImageOps.exif_transpose(image)
    plain = on_paper(image)
    print_ = Image.new("RGB", plain.size)
    print_.paste(plain)
    return print_


def on_paper(image: Image.Image) -> Image.Image:
    """In sRGB, with paper behind what is transparent."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    if alpha is not None:
        image = image.convert("RGB")
    image = in_srgb(image, image.info.get("icc_profile")).convert("RGB")
    if alpha is not None:
        image = Image.composite(image, Image.new("RGB", image.size, PAPER), alpha)
    return image


def in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """A profile that is broken, or about other colours than the picture's, changes nothing."""
    if not isinstance(profile, bytes):
        return image
    try:
        theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *DAMAGED):
        return image
    return converted or image


def fit(image: Image.Image, shape: Shape, width: int) -> Image.Image:
    """As wide as that, squared from the middle where the shape says so; only a square is ever enlarged."""
    if shape.is_square:
        return ImageOps.fit(image, (width, width), Image.Resampling.LANCZOS)
    width = min(width, image.width)
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def webp(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()


# Keeping


def small(name: str) -> str:
    """What the smaller size is called."""
    return f"{name.removesuffix('.webp')}-small.webp"


def address(name: str) -> str:
    return f"{settings.MEDIA_URL}{name}"


@contextmanager
def stored(picture: Picture) -> Iterator[None]:
    """Its two files, for as long as it takes to give a row its name. Where no row took it, they go again."""
    names = (picture.name, small(picture.name))
    try:
        for name, content in zip(names, (picture.large, picture.small), strict=True):
            default_storage.save(name, ContentFile(content))
        yield
    except BaseException:
        picture.is_taken = False
        raise
    finally:
        if not picture.is_taken:
            discard(picture.name)


def forget(name: str) -> None:
    """Remove a picture that no row has any more, once that is certain: after the commit."""
    if name:
        # Robust: the row has let go of it by then, and a store that is out of reach is for the log.
        transaction.on_commit(partial(discard, name), robust=True)


def discard(name: str) -> None:
    for file in (name, small(name)):
        default_storage.delete(file)
