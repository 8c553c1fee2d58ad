"""The rows of the demo community, written in batches, as the verbs would have written them one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F, Max, Model

from accounts.groups import MODERATORS
from accounts.models import User
from episodes.models import Episode, Progress, Series, Song
from reviews.demo.calendar import Calendar
from reviews.demo.crowd import Crowd, Tell
from reviews.demo.words import PROMPTS, SERIES, Opinion, Page, Person, Said, Words
from reviews.models import Comment, Like, Review
from reviews.models.text import Text
from reviews.recount import TALLIES, wrong_stars
from soundtrack_site.markdown import count_words, render_markdown

DOMAIN = "@demo.invalid"
SEED = 20220323  # the day on which the first episode aired
BATCH = 2_000  # rows in one call
MOST_LIKES = 40  # of one text
UNREAD = 4  # latest answers that those who can log in have not seen yet

# No secret: `make demo` prints them, and nobody else's database takes these members in.
PASSWORDS = {
    "fan": "mandarins-and-snow",
    "newcomer": "haven-t-started-yet",
    "moderator": "broom-behind-the-bar",
    "silenced": "quiet-for-a-week-then",
}

rendered = lru_cache(maxsize=50_000)(render_markdown)
words_in = lru_cache(maxsize=50_000)(count_words)


class Community:
    """Made once, from the written words and as much of the crowd as was asked for."""

    def __init__(self, members: int, reviews: int, comments: int, tell: Tell) -> None:
        self.wanted = (members, reviews, comments)
        self.tell = tell
        self.random = Random(SEED)  # noqa: S311 - the same community every time is the point
        self.series = {series.slug: series for series in Series.objects.filter(slug__in=SERIES)}
        self.episodes = {
            (episode.series.slug, episode.number): episode
            for episode in Episode.objects.filter(series__slug__in=SERIES).select_related("series").order_by("number")
        }
        self.lasts = {slug: max(number for other, number in self.episodes if other == slug) for slug in SERIES}
        self.calendar = Calendar(self.airings(), self.random)
        self.words = Words.read()
        self.users: dict[Person, User] = {}
        self.reviews: list[Review] = []
        self.comments: list[Comment] = []

    def airings(self) -> dict[str, list[datetime]]:
        unknown = datetime(2022, 3, 23, tzinfo=UTC)
        return {
            slug: [self.episodes[slug, number].airs_at or unknown for number in range(1, self.lasts[slug] + 1)]
            for slug in SERIES
        }

    @transaction.atomic
    def settle(self) -> None:
        """Write everything or nothing."""
        Crowd(self.words, self.lasts, self.random, self.tell).gather(*self.wanted)
        for person in self.words.people:
            self.calendar.plan(person)
        self.save_people()
        self.write_reviews()
        self.write_comments()
        likes = self.likes()
        self.count_answers()
        self.insert("Saving reviews", self.reviews)
        self.insert("Saving comments", self.comments)
        self.move_sequence(Comment)
        self.insert("Saving likes", likes)
        self.save_unread()
        self.save_stars()
        self.save_tallies()

    def save_people(self) -> None:
        for person in self.words.people:
            password = make_password(PASSWORDS.get(person.role))  # without one: unusable, and cheap
            user = User(
                username=person.username,
                email=f"{person.username}{DOMAIN}",
                password=password,
                display_name=person.display_name,
                bio=person.bio,
                star_meaning=person.star_meaning,
                time_zone=person.zone,
                date_joined=person.joined,
                is_staff=person.role == "moderator",
                mails_notices=bool(person.role),
            )
            self.users[person] = user
        self.insert("Saving members", sorted(self.users.values(), key=lambda user: user.date_joined))
        staff = [self.users[person] for person in self.words.people if person.role == "moderator"]
        Group.objects.get(name=MODERATORS).user_set.add(*staff)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=self.users[person], email=self.users[person].email, primary=True, verified=True)
            for person in self.words.people
            if person.role
        )
        progress = [
            Progress(
                member=self.users[person],
                series=self.series[slug],
                seen_through=person.again.get(slug, furthest),
                furthest=furthest,
            )
            for person in self.words.people
            for slug, furthest in person.watched.items()
        ]
        self.insert("Saving what they saw", progress)

    def write_reviews(self) -> None:
        self.of_opinion: dict[Opinion, Review] = {}
        for done, page in enumerate(self.words.pages, start=1):
            for opinion in page.opinions:
                self.of_opinion[opinion] = self.review(page, opinion)
            self.tell("Writing reviews", done, len(self.words.pages))
        self.reviews = sorted(self.of_opinion.values(), key=lambda review: review.created_at)

    def review(self, page: Page, opinion: Opinion) -> Review:
        person = opinion.by
        scope = page.scope_of(opinion, self.lasts)
        needed = max(scope, page.number or person.furthest(page.slug))
        earliest = self.calendar.earliest(person, page.slug, needed)
        at = self.calendar.after(person, earliest, mean_days=1.5 if page.number else 9)
        review = Review(
            author=self.users[person],
            series=self.series[page.slug],
            episode=self.episodes[page.slug, page.number] if page.number else None,
            stars=opinion.stars,
            headline=opinion.headline,
            spoils_through=scope,
            author_seen_through=person.had_seen(page.slug, at),
            created_at=at,
            **opinion.prompts,
        )
        write(review, opinion.says)
        review.word_count += sum(words_in(getattr(review, name)) for name in PROMPTS)
        return review

    def write_comments(self) -> None:
        self.songs = {
            (song.series.slug, str(song)): song
            for song in Song.objects.filter(series__in=self.series.values()).select_related("series")
        }
        for done, page in enumerate(self.words.pages, start=1):
            self.thread(page, page.comments, None, None)
            for opinion in page.opinions:
                self.thread(page, opinion.replies, self.of_opinion[opinion], None)
            self.tell("Writing comments", done, len(self.words.pages))
        self.comments.sort(key=lambda comment: comment.created_at)
        first = (Comment.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        for key, comment in enumerate(self.comments, start=first):
            comment.pk = key  # known now, so that answers can name what they answer

    def thread(self, page: Page, rows: list[Said], review: Review | None, parent: Comment | None) -> None:
        """Comments side by side, in the order in which they were written down, and what answers each."""
        above = parent or review
        latest = above.created_at if above else None
        for said in rows:
            comment = self.comment(page, said, review, parent, latest)
            if above:
                latest = comment.created_at
            self.thread(page, said.replies, review, comment)

    def comment(
        self, page: Page, said: Said, review: Review | None, parent: Comment | None, latest: datetime | None
    ) -> Comment:
        person = said.by
        above = parent or review
        scope = page.scope_of(said, self.lasts) if above is None else max(said.scope or 0, above.spoils_through)
        earliest = self.calendar.has_something_to_say(person, page, scope, said.asks)
        if latest is None:
            at = self.calendar.after(person, earliest, mean_days=2 if page.number or said.asks else 25)
        else:
            at = self.calendar.reply(person, max(earliest, latest))
        episode = self.episodes[page.slug, page.number] if page.number else None
        whom = above.author if above else None
        comment = Comment(
            author=self.users[person],
            series=self.series[page.slug],
            episode=episode,
            review=review,
            parent=parent,
            root=(parent.root or parent) if parent else None,
            kind=said.kind,
            at=said.at if said.at is None or episode is None else min(said.at, episode.latest_at),
            song=self.songs.get((page.slug, said.song)) if said.song else None,
            spoils_through=scope,
            author_seen_through=person.had_seen(page.slug, at),
            answered=whom if whom != self.users[person] else None,
            created_at=at,
        )
        if said.song and comment.song is None:
            comment.song_name = said.song
        write(comment, said.says)
        self.comments.append(comment)
        return comment

    def count_answers(self) -> None:
        """What each text counts of those below it; and what those who can log in have not read."""
        waiting: dict[int, list[Comment]] = defaultdict(list)
        regulars = {self.users[person].pk for person in self.words.people if person.role}
        for comment in self.comments:
            if comment.review is not None:
                comment.review.comment_count += 1
            for above in {comment.root, comment.parent} - {None}:
                above.comment_count += 1  # type: ignore[union-attr] # None is taken out
            if comment.answered is not None:
                comment.read_at = comment.created_at + timedelta(hours=5)
                if comment.answered.pk in regulars:
                    waiting[comment.answered.pk].append(comment)
        self.unread = {member: comments[-UNREAD:] for member, comments in waiting.items()}
        for comments in self.unread.values():
            for comment in comments:
                comment.read_at = None

    def likes(self) -> list[Like]:
        """Who felt what: anybody who may read it, but its author. A few texts get most of it."""
        people = [person for person in self.words.people if person.role != "newcomer"]
        likes: list[Like] = []
        words: list[Any] = [*(review for review in self.reviews if not review.is_bare), *self.comments]
        for text in words:
            warmth = 1.6 if isinstance(text, Review) else 0.9
            wanted = min(int(warmth * self.random.paretovariate(1.2)), MOST_LIKES, len(people) // 2)
            slug = text.series.slug
            for person in self.random.sample(people, wanted):
                if self.users[person].pk != text.author_id and person.furthest(slug) >= text.spoils_through:
                    target = {"review" if isinstance(text, Review) else "comment": text}
                    likes.append(Like(member=self.users[person], **target))
                    text.like_count += 1
        return likes

    def save_unread(self) -> None:
        for member, comments in self.unread.items():
            User.objects.filter(pk=member).update(unread_answers=len(comments))

    def save_stars(self) -> None:
        for wrong in wrong_stars():
            User.objects.filter(pk=wrong.member).update(last_stars=wrong.true)

    def save_tallies(self) -> None:
        """Counted in SQL, by what `recount` proves the counts with."""
        for done, tally in enumerate(TALLIES, start=1):
            rows = [
                tally.model(**dict(zip(tally.columns, key, strict=True)), count=count)
                for key, count in tally.true().items()
            ]
            tally.model._default_manager.bulk_create(rows)
            self.tell("Counting", done, len(TALLIES))
        Episode.objects.filter(series__in=self.series.values()).update(version=F("version") + 1)
        Series.objects.filter(pk__in=[series.pk for series in self.series.values()]).update(version=F("version") + 1)

    def insert(self, stage: str, rows: list[Any]) -> None:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            type(batch[0])._default_manager.bulk_create(batch)
            self.tell(stage, start + len(batch), len(rows))

    def move_sequence(self, model: type[Model]) -> None:
        """PostgreSQL's next key comes after those that were given by hand."""
        statements = connection.ops.sequence_reset_sql(no_style(), [model])
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def counts(self) -> Counter[str]:
        return Counter(members=len(self.users), reviews=len(self.reviews), comments=len(self.comments))


def write(text: Text, body: str) -> None:
    """As `Text.write`, but the same words are rendered once."""
    text.body = body
    text.whole_html = rendered(body)
    text.word_count = words_in(body)
