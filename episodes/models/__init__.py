from episodes.models.credit import Credit, Person
from episodes.models.episode import Episode, KeyMoment
from episodes.models.press import PressReview, WatchLink
from episodes.models.progress import Progress
from episodes.models.series import Kin, Note, Series, Source, Tag
from episodes.models.song import Cue, Song

__all__ = [
    "Credit",
    "Cue",
    "Episode",
    "KeyMoment",
    "Kin",
    "Note",
    "Person",
    "PressReview",
    "Progress",
    "Series",
    "Song",
    "Source",
    "Tag",
    "WatchLink",
]
