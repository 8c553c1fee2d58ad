"""Reads a time into an episode as people type it. Its inverse is the template filter `clock`."""

import re

# As keyboards for Korean, Japanese and Chinese type them.
_NARROW = str.maketrans("０１２３４５６７８９：．　", "0123456789:. ")
_PARTED = re.compile(r"(?:([0-9]{1,2})[:. ])?([0-9]{1,3})[:. ]([0-5][0-9])")
_SECONDS = re.compile(r"[0-9]{1,5}")


def seconds_in(text: str) -> int | None:
    """ "12:30", "12 30" and "750" → 750, "1:02:03" → 3723; None for what is no time.

    A plain number is seconds. Minutes may pass 59 where no hour is named: "75:00".
    """
    typed = " ".join(text.translate(_NARROW).split())
    if _SECONDS.fullmatch(typed):
        return int(typed)
    match = _PARTED.fullmatch(typed)
    if match is None:
        return None
    hours, minutes, seconds = match.groups(default="0")
    if match[1] and not (len(minutes) == 2 and int(minutes) < 60):
        return None
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
