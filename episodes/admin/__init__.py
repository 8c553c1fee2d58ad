"""The catalogue, for editors. The first page of the admin lists it as it is registered: series and episodes first."""

from episodes.admin.cornerstones import EpisodeAdmin, SeriesAdmin
from episodes.admin.details import (
    CreditAdmin,
    KeyMomentAdmin,
    KinAdmin,
    NoteAdmin,
    PersonAdmin,
    PressReviewAdmin,
    ProgressAdmin,
    SongAdmin,
    SourceAdmin,
    TagAdmin,
    WatchLinkAdmin,
)

__all__ = [
    "CreditAdmin",
    "EpisodeAdmin",
    "KeyMomentAdmin",
    "KinAdmin",
    "NoteAdmin",
    "PersonAdmin",
    "PressReviewAdmin",
    "ProgressAdmin",
    "SeriesAdmin",
    "SongAdmin",
    "SourceAdmin",
    "TagAdmin",
    "WatchLinkAdmin",
]
