"""What the page of components shows: a series, its members and what they say, all invented and in no table.

Nothing of the real drama is told here, so that staff may look before they have watched. Nothing is translated either:
these are words of editors and members, not of the site.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from episodes.guide import Guide
from episodes.models import Episode, Progress, Series
from episodes.viewer import Viewer, ViewerRequest
from reviews.models import Comment, Review
from soundtrack_site.markdown import clean_text, count_words, render_markdown

NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)
FAR = 10**15  # keys from here on: what is linked leads nowhere, and never to a row that there is
PICTURE = f"{'0' * 32}.webp"  # what `specimens.drawn` puts a drawing in place of
LONG_NAME = "달빛아래걷는사람" * 7
UNBROKEN = "아" * 300
STACKED = clean_text("Z̸̡̢̛̤͉̱̪̟̄̾͗͐ǎ̷̧̛̰̩͔̫̈́̿l̵̨̛̗̟̝̓̆̽g̶̡̛̹̭̲̈́̃̚o̷̢̦͔͋̍̔͝ said so. مرحبا بالعالم 1, 2, 3.")  # as forms let it pass

BODY = "The second verse is where it turned for me. *Nobody* moves; the rain does the talking.\n\n> We never left."
KOREAN = "두 번째 절에서 마음이 움직였다. 아무도 말하지 않는데 빗소리만 다 말해 준다. 그 장면을 세 번이나 돌려 봤다."
CURVE = {3: 2, 5: 4, 6: 9, 7: 21, 8: 58, 9: 74, 10: 40}  # half stars → ratings

VOCABULARY = {
    "en": {
        "one": "Track",
        "many": "Tracks",
        "epilogue": "Bonus Track",
        "felt": "I felt that 공감",
        "stars": [
            "turned it off", "walked out humming nothing", "background noise", "one good verse", "a decent B-side",
            "I would hum it", "I learnt the chorus", "played it twice", "on repeat all week", "my song of the year",
        ],
    },
    "ko": {"one": "트랙", "many": "트랙", "epilogue": "보너스 트랙", "felt": "공감"},
}  # fmt: skip
TITLES = [
    ("Last Boat Out", "마지막 배"),
    ("Salt on the Strings", "현 위의 소금"),
    ("A Harbour with No Name", "이름 없는 항구"),
    ("What the Lighthouse Kept", "등대가 간직한 것"),
]


class Reader(Viewer):
    """A member of whom no row says how far they have seen; None where they were never asked."""

    def __init__(self, user: User | AnonymousUser, seen_through: int | None, furthest: int | None = None) -> None:
        super().__init__(user)
        self.row = None
        if seen_through is not None:
            self.row = Progress(seen_through=seen_through, furthest=max(seen_through, furthest or 0))

    def progress(self, series: Series) -> Progress | None:
        return self.row

    def seen_through(self, series: Series) -> int | None:
        return self.row.seen_through if self.row else None

    def furthest(self, series: Series) -> int:
        return self.row.furthest if self.row else 0


class World:
    """Made anew for each request: what a series calls its episodes depends on who reads."""

    def __init__(self) -> None:
        self.keys = count(FAR)
        self.reader = self.member("reader", "You", "9 8 10")
        self.moderator = self.member("keeper", "Keeper", is_staff=True, is_superuser=True)
        self.mina = self.member("mina", "Mina", "9 8 10 7 9")
        self.joon = self.member("joon", "준", "4 10")
        self.crowded = self.member("crowded", LONG_NAME[:60], "1 1 10 1 1")
        self.series = self.make_series()
        self.episodes = self.make_episodes(self.series, 4)
        self.long_series = self.make_series(slug="specimen-long", title="Sixteen Evenings by the Harbour", ink="sea")
        self.long_episodes = self.make_episodes(self.long_series, 16)

    def member(self, username: str, display_name: str, last_stars: str = "", **values: Any) -> User:
        return User(
            pk=next(self.keys),
            username=username,
            display_name=display_name,
            last_stars=last_stars,
            date_joined=NOW - timedelta(days=400),
            **values,
        )

    def make_series(self, **values: Any) -> Series:
        told = {
            "slug": "specimen",
            "title": "Night Ferry",
            "native_title": "보너스 트랙",
            "language": "ko",
            "tagline": "Two strangers, one cabin, eleven hours.",
            "vocabulary": VOCABULARY,
            "time_zone": "Asia/Seoul",
            "ending_scope": 4,
            "published_at": NOW,
        }
        return Series(pk=next(self.keys), **{**told, **values})

    def make_episodes(self, series: Series, how_many: int) -> list[Episode]:
        return [self.episode(series, number, weeks=number - how_many - 10) for number in range(1, how_many + 1)]

    def episode(self, series: Series, number: int, *, weeks: int = -10, **values: Any) -> Episode:
        title, native_title = TITLES[(number - 1) % len(TITLES)]
        episode = Episode(
            pk=next(self.keys),
            series=series,
            number=number,
            title_scope=0,
            airs_at=NOW + timedelta(weeks=weeks),
            runtime=38 + 3 * number,
        )
        self.send(episode, title=title, native_title=native_title, **values)
        return episode

    @staticmethod
    def send(row: Any, **words: Any) -> None:
        """Give a row what a query would: `sent_…`."""
        for name, said in words.items():
            setattr(row, f"sent_{name}", said)

    def viewer(self, seen_through: int | None, furthest: int | None = None) -> Reader:
        return Reader(self.reader, seen_through, furthest)

    def guide(self, seen_through: int | None, furthest: int | None = None, *, is_long: bool = False) -> Guide:
        viewer = self.viewer(seen_through, furthest)
        if is_long:
            return Guide(self.long_series, self.long_episodes, viewer, NOW)
        return Guide(self.series, self.episodes, viewer, NOW)

    def request(self, user: User | AnonymousUser) -> ViewerRequest:
        request = ViewerRequest()
        request.method = "GET"
        request.path = request.path_info = "/design/"
        request.user = user
        request.viewer = Reader(user, 2)
        return request

    def review(self, body: str = "", *, is_open: bool = True, **values: Any) -> Review:
        told = {"author": self.mina, "episode": self.episodes[1], "stars": 9, "spoils_through": 2}
        review: Review = self.text(Review, body, is_open, {**told, **values})
        return review

    def comment(self, body: str, *, is_open: bool = True, **values: Any) -> Comment:
        told = {"author": self.joon, "episode": self.episodes[1], "spoils_through": 2}
        comment: Comment = self.text(Comment, body, is_open, {**told, **values})
        self.send(comment, song_name=comment.song_name)
        return comment

    def text(self, model: Any, body: str, is_open: bool, values: dict[str, Any]) -> Any:
        """What `for_reader` makes of a text."""
        stands = {name: values.pop(name, None) for name in ("is_revealed", "is_felt", "is_new", "written_before")}
        text = model(pk=next(self.keys), series=self.series, created_at=NOW - timedelta(days=3), **values)
        text.word_count = count_words(body)
        if model is Review:
            self.send(text, folded_headline="", rewound=text.rewound, stayed=text.stayed, shown_to=text.shown_to)
        self.send(text, html=render_markdown(body) if is_open else None)
        for name, how in stands.items():
            setattr(text, name, how)
        return text
