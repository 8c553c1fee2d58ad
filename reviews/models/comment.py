from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from episodes.models import Song
from reviews.models.holds import count, hold
from reviews.models.moderated import Moderated
from reviews.models.reading import LIVE, Subject, T, TextQuerySet, place
from reviews.models.review import Review
from reviews.models.revision import Revision
from reviews.models.tally import SLICE, Entry, Ledger, settle
from reviews.models.text import Text, check_aired, check_scope, text_constraints

if TYPE_CHECKING:
    from reviews.models.moderation import ModerationAction

LONGEST_SONG_NAME = 120  # characters


class CommentQuerySet(TextQuerySet["Comment"]):
    kind = "comment"

    def about(self, subject: Subject) -> Self:
        """The room of a series or the discussion of an episode; threads under reviews are apart."""
        return super().about(subject).filter(review=None)

    def roots(self) -> Self:
        return self.filter(root=None)

    def pinned(self) -> Self:
        """What has a time of its episode, in whatever order is asked for: said so that no database takes the index by
        time, and sorts what it finds."""
        return self.alias(time=Coalesce("at", Value(-1))).exclude(time=-1)

    def for_list(self) -> Self:
        """With the author of each comment and of what it answers."""
        return self.select_related("author", "parent__author", "song")

    def first_by(self, *order: str, most: int) -> Self:
        """The first rows in this order, as a part of a union, which can neither sort nor end its parts itself."""
        return self.filter(pk__in=self.order_by(*order).values("pk")[:most]).order_by()

    def answers_to(self, member: User) -> Self:
        """What others said to this member, newest first: under their reviews and to their comments."""
        return self.live().filter(answered=member).order_by("-pk")

    def unread(self) -> Self:
        return self.filter(read_at=None)

    @transaction.atomic
    def mark_read(self, member: User) -> int:
        """Note that the member has read these answers to them; answers how many were unread. Twice is once."""
        member.queue_up()
        unread = self.filter(answered=member, read_at=None)
        rows = list(unread.select_related(None).select_for_update(no_key=True).order_by("pk"))
        before, after = Ledger(), Ledger()
        for comment in rows:
            before.update(comment.ledger())
            comment.read_at = timezone.now()
            after.update(comment.ledger())
        Comment.objects.filter(pk__in=[row.pk for row in rows]).update(read_at=timezone.now())
        settle(before, after)
        return len(rows)

    def under(self, roots: list[Comment]) -> Self:
        return self.filter(root__in=[root.pk for root in roots]).order_by("pk")

    def beneath(self, comment: Comment) -> Self:
        """What answers it, what answers that, and so on down. One query, over its whole thread."""
        found = {comment.pk}
        thread = self.filter(root=comment.root_id or comment.pk).order_by("pk")
        for key, parent in thread.values_list("pk", "parent_id"):
            if parent in found:  # an answer is always younger
                found.add(key)
        return self.filter(pk__in=found - {comment.pk})

    def lower_than(self, scope: int) -> dict[int, int]:
        """Where each of these stands, by its key, that `raise_to` would carry up. One query."""
        return dict(self.filter(spoils_through__lt=scope, deleted_at=None).values_list("pk", "spoils_through"))

    def raise_to(self, scope: int) -> tuple[Ledger, Ledger]:
        """Carry a higher scope down to these comments; answers where they counted and where they count now.

        Called under the lock of their thread by a verb that settles. Two queries.
        """
        before, after = Ledger(), Ledger()
        lower = self.filter(spoils_through__lt=scope, deleted_at=None)
        # In one order, as `mark_read` locks them, which does not wait at the top of the thread.
        for comment in lower.select_for_update(no_key=True).order_by("pk"):
            before.update(comment.ledger())
            comment.spoils_through = scope
            after.update(comment.ledger())
        lower.update(spoils_through=scope, version=F("version") + 1)
        return before, after

    def put_back(self, act: ModerationAction, floor: int) -> tuple[Ledger, Ledger]:
        """The way back from `raise_to`: what an act carried up stands where it stood, if nobody touched it since.

        What was written for the higher scope stays there, and nothing stands below what it answers. `floor`: where
        the text stands that all of these answer. Called under the lock of their thread by a verb that settles.
        """
        before, after = Ledger(), Ledger()
        stands: dict[int, int] = {}
        for comment in self.select_for_update(no_key=True).order_by("pk"):  # an answer is always younger
            stood = act.carried.get(str(comment.pk))
            is_as_it_was = comment.edited_at is None or comment.edited_at < act.created_at
            if (
                stood is not None
                and is_as_it_was
                and comment.spoils_through == act.scope_after
                and not comment.deleted_at
            ):
                before.update(comment.ledger())
                comment.spoils_through = max(stood, comment.least_scope, stands.get(comment.parent_id or 0, floor))
                after.update(comment.ledger())
                scope = comment.spoils_through
                Comment.objects.filter(pk=comment.pk).update(spoils_through=scope, version=F("version") + 1)
            stands[comment.pk] = comment.spoils_through
        return before, after

    def post(
        self,
        author: User,
        subject: Subject | Review,
        *,
        body: str,
        spoils_through: int,
        parent: Comment | None = None,
        kind: str = "talk",
        at: int | None = None,
        song: Song | None = None,
        song_name: str = "",
        client: str | None = None,
    ) -> Comment:
        """Say something about a subject, under a review or under another comment.

        A reply spoils at least as far as what it replies to. The same words in the same place within ten
        minutes are the same comment, however often they arrive; said with a higher scope, they are raised to
        it. Words that a moderator has put further stay there, said anew. `song`: one of the series' list,
        `song_name`: one that is not in it; a song comment has either. `client`: see `holds`.
        Raises ValidationError for an unaired episode, a scope beyond what has aired, a place that is gone
        and a time beyond the end.
        """
        review = subject if isinstance(subject, Review) else None
        series, episode = place(review.subject if review else subject)  # type: ignore[arg-type] # no review is left
        comment = Comment(author=author, series=series, episode=episode, review=review, kind=kind, at=at)
        comment.song, comment.song_name = song, song_name
        comment.address_to(parent or review)
        comment.write(body)  # rendering may take long: before the transaction
        comment.clean()
        with transaction.atomic():
            count(author, client)
            author.queue_up(comment.answered_id)
            check_aired(episode)
            check_scope(series, spoils_through)
            comment.spoils_through = spoils_through
            if review is not None:
                standing = self._standing(Review.objects.live(), review)
                refuse_closed(standing)
                comment.spoils_under(standing)
            if parent is not None:
                comment.answer(self._standing_comment(parent, comment))
            if twin := comment.twin():
                if twin.spoils_through < comment.spoils_through:
                    twin.edit(body=body, spoils_through=comment.spoils_through)
                return twin
            hold(comment, client)
            comment.stay_ruled()
            comment.learn_hindsight()
            comment.save(force_insert=True)
            comment.settle_from(Ledger())
        return comment

    def _standing_comment(self, parent: Comment, reply: Comment) -> Comment:
        """The comment that is to be answered, if it is still there and stands where the reply will."""
        root = parent
        if parent.root_id is not None:
            root = Comment.objects.select_for_update(no_key=True).get(pk=parent.root_id)
        refuse_closed(root)
        thread = Comment.objects.live().filter(series=reply.series, episode=reply.episode, review=reply.review)
        return self._standing(thread, parent)

    @staticmethod
    def _standing(queryset: TextQuerySet[T], text: T) -> T:
        """The text that is to be answered, locked, if it is still there."""
        found = queryset.select_for_update(no_key=True).filter(pk=text.pk).first()
        if found is None:
            raise ValidationError(_("What you answer has been taken away meanwhile."), code="gone")
        return found


class Comment(Moderated):
    """A word in a series' room, an episode's discussion or a review's thread.

    `root` is the comment that opened its thread (null: itself), `parent` the one it answers. `comment_count`
    of a root counts its whole thread, of any other its direct answers. `at`: seconds from the start.
    `answered` is the member whom it answers, who has not read it while `read_at` is null.
    """

    withheld = ("body", "whole_html", "song_name")
    sent_words = {"html": "whole_html", "song_name": "song_name"}
    said = ("body", "spoils_through", "at", "song_id", "song_name")

    class Kind(models.TextChoices):
        TALK = "talk", _("Talk")
        MOMENT = "moment", _("Moment")
        LINE = "line", _("Line")
        SONG = "song", _("Song")
        BONUS = "bonus", _("Answer to the bonus question")

    TIMED: ClassVar[list[str]] = ["moment", "line", "song"]
    EDIT_WINDOW = timedelta(minutes=30)
    TWIN_WINDOW = timedelta(minutes=10)

    review = models.ForeignKey(Review, models.PROTECT, related_name="comments", null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, related_name="replies", null=True, blank=True)
    root = models.ForeignKey("self", models.PROTECT, related_name="thread", null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.TALK)
    at = models.PositiveIntegerField(_("at second"), null=True, blank=True)
    song = models.ForeignKey(Song, models.PROTECT, related_name="comments", null=True, blank=True)
    song_name = models.CharField(_("song"), max_length=LONGEST_SONG_NAME, blank=True)

    answered = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="answers", null=True, blank=True, editable=False
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        permissions = [("moderate_comment", _("Can hide and restore comments"))]
        constraints = [
            *text_constraints("comment"),
            models.CheckConstraint(condition=Q(deleted_at__isnull=False) | ~Q(body=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(kind__in=["talk", "moment", "line", "song", "bonus"]), name="comment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(at=None) | Q(kind__in=["moment", "line", "song"], episode__isnull=False),
                name="comment_only_moments_have_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["moment", "line"]) | Q(at__isnull=False), name="comment_moment_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(kind="bonus") | Q(episode__isnull=False), name="comment_bonus_has_an_episode"
            ),
            models.CheckConstraint(
                condition=Q(song=None, song_name="") | Q(kind="song", deleted_at=None),
                name="comment_only_songs_name_one",
            ),
            models.CheckConstraint(
                condition=~Q(kind="song")
                | Q(deleted_at__isnull=False)
                | Q(song__isnull=False, song_name="")
                | (Q(song=None) & ~Q(song_name="")),
                name="comment_song_names_one",
            ),
            models.CheckConstraint(
                condition=Q(answered=None) | ~Q(answered=F("author")), name="comment_answers_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(answered__isnull=False), name="comment_read_by_whom_it_answers"
            ),
            models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="comment_reply_has_a_root",
            ),
        ]
        indexes = [
            models.Index(
                fields=["series", "episode", "id"],
                condition=Q(review=None, root=None),
                name="comment_roots",
            ),
            models.Index(
                fields=["series", "episode", "spoils_through", "id"],
                condition=LIVE & Q(review=None, root=None),
                name="comment_live_by_scope",
            ),
            models.Index(fields=["review", "id"], name="comment_of_review"),
            models.Index(fields=["root", "id"], name="comment_thread"),
            models.Index(
                fields=["series", "episode", "-like_count", "id"],
                condition=LIVE & Q(review=None, root=None),
                name="comment_live_felt",
            ),
            models.Index(
                fields=["episode", "at", "id"],
                condition=LIVE & Q(review=None, at__isnull=False),
                name="comment_moments",
            ),
            models.Index(
                fields=["episode", "kind", "-id"],
                condition=LIVE & Q(review=None, root=None, episode__isnull=False),
                name="comment_live_by_kind",
            ),
            models.Index(
                fields=["review", "-like_count", "id"],
                condition=LIVE & Q(review__isnull=False, root=None),
                name="comment_of_review_felt",
            ),
            models.Index(fields=["answered", "-id"], condition=Q(answered__isnull=False), name="comment_answers"),
            models.Index(
                fields=["answered", "-id"], condition=Q(answered__isnull=False, read_at=None), name="comment_unread"
            ),
            models.Index(fields=["author", "-id"], condition=Q(deleted_at=None), name="comment_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.review or self.episode or self.series}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:comment", args=[self.pk])

    def get_discussion_url(self) -> str:
        """Where it stands among others; posting there answers it. Its review may be gone, and its page with it."""
        if self.review is not None and self.review.is_live:
            return reverse("reviews:answer_review", args=[self.review_id])
        if self.episode is None:
            return reverse("reviews:comments", args=[self.series.slug])
        return reverse("reviews:comments", args=[self.series.slug, self.episode.number])

    def clean(self) -> None:
        if not self.body:
            raise ValidationError({"body": _("Write something first.")}, code="empty")
        if self.kind not in self.Kind.values:
            raise ValidationError({"kind": _("There is no such kind of comment.")}, code="kind")
        if self.kind == self.Kind.BONUS and self.episode is None:
            raise ValidationError({"kind": _("Only an episode asks a bonus question.")}, code="kind")
        self.clean_at()
        self.clean_song()

    def clean_song(self) -> None:
        if self.kind != self.Kind.SONG:
            if self.song_id or self.song_name:
                raise ValidationError({"song": _("Only a comment about a song names one.")}, code="song")
        elif bool(self.song_id) == bool(self.song_name):
            raise ValidationError({"song": _("Choose a song or name another, one of both.")}, code="song")
        elif len(self.song_name) > LONGEST_SONG_NAME:
            raise ValidationError({"song_name": _("That is longer than can be kept.")}, code="max_length")
        elif self.song is not None and self.song.series_id != self.series_id:
            raise ValidationError({"song": _("That song belongs to another series.")}, code="song")

    def clean_at(self) -> None:
        if self.at is None:
            if self.kind in (self.Kind.MOMENT, self.Kind.LINE):
                raise ValidationError({"at": _("Say when it happens.")}, code="at")
        elif self.kind not in self.TIMED or self.episode is None:
            raise ValidationError({"at": _("Only a moment of an episode has a time.")}, code="at")
        elif not 0 <= self.at <= self.episode.latest_at:
            raise ValidationError({"at": _("The episode is over by then.")}, code="at")

    @property
    def is_editable(self) -> bool:
        """For half an hour; afterwards others have answered to what it says."""
        return self.is_live and timezone.now() < self.created_at + self.EDIT_WINDOW

    def can_edit(self, user: object) -> bool:
        return self.is_by(user) and self.is_editable

    def can_delete(self, user: object) -> bool:
        return self.is_by(user) and self.deleted_at is None

    def twin(self) -> Comment | None:
        """The same words by the same member in the same place, a moment ago."""
        recent = timezone.now() - self.TWIN_WINDOW
        return (
            Comment.objects.with_words()
            .live()
            .filter(author=self.author, series=self.series, episode=self.episode, review=self.review)
            .filter(parent=self.parent, kind=self.kind, at=self.at, song=self.song, song_name=self.song_name)
            .filter(body=self.body, created_at__gt=recent)
            .first()
        )

    def lowest_scope(self) -> int:
        return max((text.spoils_through for text in self.above()), default=0)

    def stay_ruled(self) -> None:
        """Go no lower than where moderators put the same words, said before or said elsewhere in the series.

        Nobody deletes their way around them. Two queries.
        """
        ruled = Comment.objects.filter(author=self.author, series=self.series).exclude(least_scope=0)
        said_before = Revision.objects.with_words().filter(comment__in=ruled, body=self.body)
        keys = said_before.values_list("comment", flat=True)
        same = ruled.with_words().filter(Q(body=self.body) | Q(pk__in=list(keys)))
        self.least_scope = same.aggregate(least=Max("least_scope"))["least"] or 0
        self.spoils_through = max(self.spoils_through, self.least_scope)

    def spoils_under(self, text: Text) -> None:
        """A reply spoils at least as far as what it replies to."""
        self.spoils_through = max(self.spoils_through, text.spoils_through)

    def address_to(self, text: Text | None) -> None:
        """Note whom it answers, if that is somebody else: they will hear of it."""
        self.answered_id = text.author_id if text is not None and text.author_id != self.author_id else None

    def answer(self, parent: Comment) -> None:
        self.parent = parent
        self.root_id = parent.root_id or parent.pk
        self.spoils_under(parent)

    @transaction.atomic
    def edit(
        self,
        *,
        body: str,
        spoils_through: int,
        began_with: str | None = None,
        client: str | None = None,
        **pinned: Any,
    ) -> None:
        """Change what it says or raise the scope; the earlier words are kept for staff.

        `pinned`: `at`, `song` and `song_name` where they change. `began_with`: see `Text.check_unchanged`.
        `client`: see `holds`; this may hold what stood. Raises ValidationError once it is hidden, deleted, older than
        half an hour, or changed in another tab; FloodError.
        """
        count(self.author, client)
        comment = self.locked()
        if not comment.is_editable:
            raise ValidationError(_("It cannot be changed any more."), code="closed")
        check_scope(self.series, spoils_through)
        scope = max(spoils_through, comment.spoils_through)
        wanted = {"at": comment.at, "song": comment.song, "song_name": comment.song_name, **pinned}
        if comment.says(Comment(body=body, spoils_through=scope, **wanted)):
            return
        comment.check_unchanged(began_with)
        Revision.objects.keep(comment)
        before = comment.ledger()
        for name, value in wanted.items():
            setattr(comment, name, value)
        comment.write(body)
        comment.clean()
        comment.spoils_through = scope
        hold(comment, client)
        comment.learn_hindsight()
        comment.edited_at = timezone.now()
        comment.version += 1
        comment.save()
        comment.settle_all_from(before)
        self.held_at, self.held_for = comment.held_at, comment.held_for

    def more_words(self) -> dict[str, Any]:
        said = {"at": self.at, "song": self.song_id, "song_name": self.song_name}
        return {name: value for name, value in said.items() if value not in (None, "")}

    def say_again(self, kept: Revision) -> None:
        super().say_again(kept)
        self.at, self.song_id = kept.more.get("at"), kept.more.get("song")
        self.song_name = kept.more.get("song_name", "")
        if self.song_id is not None and not Song.objects.filter(pk=self.song_id).exists():
            raise ValidationError(_("The song that it names is not on the list any more."), code="gone")
        for text in self.above():
            self.spoils_under(text)

    def above(self) -> Iterator[Text]:
        """What it answers, what that answers, and so on up; what is deleted spoils nothing. At most two queries."""
        if self.review is not None:
            yield self.review
        if self.root_id is not None:
            thread = {text.pk: text for text in Comment.objects.filter(Q(pk=self.root_id) | Q(root=self.root_id))}
            key = self.parent_id
            while key is not None:
                yield thread[key]
                key = thread[key].parent_id

    def below(self) -> CommentQuerySet:
        return Comment.objects.beneath(self)

    def every_word(self) -> str:
        return f"{super().every_word()}\n{self.song_name}"

    def blank(self) -> None:
        self.song, self.song_name = None, ""
        super().blank()

    def lock_thread(self) -> None:
        """Verbs on one thread wait for each other at its top: its review, else its first comment."""
        if self.review_id is not None:
            Review.objects.select_for_update(no_key=True).get(pk=self.review_id)
        elif self.root_id is not None:
            Comment.objects.select_for_update(no_key=True).get(pk=self.root_id)

    def locked(self) -> Comment:
        User.objects.queue_up(self.author_id, self.answered_id)
        self.lock_thread()
        return super().locked()

    def ledger(self) -> Ledger:
        """What and whom it answers count it, and so do its subject's tallies: the answers to a review apart."""
        counts = Ledger()
        if not self.is_live:
            return counts
        if self.answered_id is not None and self.read_at is None:
            counts[Entry.of("accounts.User", pk=self.answered_id)] += 1
        for key in {self.root_id, self.parent_id} - {None}:
            counts[Entry.of("Comment", pk=key)] += 1
        subject = {"series_id": self.series_id, "episode_id": self.episode_id, "scope": self.spoils_through}
        if self.review_id is not None:
            counts[Entry.of("Review", pk=self.review_id)] += 1
            counts[Entry.of("ScopeTally", kind="answer", **subject)] += 1
            return counts
        counts[Entry.of("ScopeTally", kind="comment", **subject)] += 1
        if self.at is not None:
            moment = {"episode_id": self.episode_id, "slice": self.at // SLICE}
            counts[Entry.of("MomentTally", **moment, scope=self.spoils_through)] += 1
        return counts


def refuse_closed(top: Text) -> None:
    """ValidationError where a moderator has closed the thread below this."""
    if top.locked_at is not None:
        raise ValidationError(_("A moderator has closed this thread. Nobody can answer here any more."), code="locked")
