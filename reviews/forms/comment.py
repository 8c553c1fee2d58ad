from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from episodes.models import Episode, Song
from episodes.templatetags.catalogue import clock
from reviews.forms.text import (
    TOO_LONG,
    HindsightForm,
    ProofField,
    ScopedForm,
    counted,
    lowest_point,
)
from reviews.models import Comment
from reviews.models.comment import LONGEST_SONG_NAME, CommentQuerySet
from reviews.models.reading import Subject
from soundtrack_site.clock import seconds_in
from soundtrack_site.forms import LineField, WrittenField

LIKE_A_CLOCK = _("Write it like 12:30.")
NO_CLOCK = _("That is not a time yet. It takes minutes and seconds, like 12:30.")
SAY_WHEN = _("Say when it happens, like 12:30.")
GONE = _("What you answer has been taken away meanwhile. Send your words again, and they stand on their own.")


class CommentBodyForm(ScopedForm):
    """A comment is its words: without them there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        body.label = _("Your comment")
        body.required = True
        body.error_messages["required"] = _("Write something first.")
        body.widget.attrs["rows"] = 4


class CommentForm(CommentBodyForm):
    """Plain talk: a comment or a reply; `parent` names the comment that it answers."""

    parent = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10**18,
        widget=forms.HiddenInput,
        error_messages={"invalid": GONE, "min_value": GONE, "max_value": GONE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answered: Comment | None = None

    def answer(self, said: CommentQuerySet) -> Comment | None:
        """Which of these is to be answered. When it is gone the form says so, and begins no reply any more."""
        key = self.cleaned_data.pop("parent")
        if key is not None:
            self.answered = said.live().select_related("author").filter(pk=key).first()
            if self.answered is None:
                self.answer_nothing()
                self.add_error(None, GONE)
        return self.answered

    def set_floor(self, at_least: int, why: str = "") -> None:
        waits = gettext("What you answer waits after %(episode)s, so this does too.")
        super().set_floor(at_least, why or waits % {"episode": self.guide.series.words.numbered(at_least)})

    def stand_under(self, scope: int) -> None:
        """Spoil at least as far as what it answers, then ask what is still open of later episodes. Once cleaned."""
        chosen = self.cleaned_data.get("spoils_through")
        if chosen is not None:
            self.cleaned_data["spoils_through"] = max(chosen, scope)
        self.set_floor(max(self.floor, scope))
        self.weigh_scope()

    def answer_nothing(self) -> None:
        """Sent once more, the words stand on their own."""
        self.data = {name: value for name, value in self.data.items() if name != self.add_prefix("parent")}


class TimeField(LineField):
    """A time into an episode, typed like 12:30, as seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "label": _("At"), "help_text": LIKE_A_CLOCK, **kwargs})
        self.widget.attrs.update({"autocomplete": "off", "size": 8})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        seconds = seconds_in(typed)
        if seconds is None:
            raise forms.ValidationError(NO_CLOCK, code="clock")
        return seconds

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value


class SongField(forms.ModelChoiceField):  # type: ignore[type-arg] # it takes none at run time
    def label_from_instance(self, song: Song) -> str:
        title = str(song)
        return f"{title} · {song.artist}" if song.artist and song.artist != title else title


class Pinned(forms.Form):
    """The parts of a form that pin a comment to a time or a song, and what they ask of each kind."""

    def pin(self, guide: Guide, subject: Subject, kinds: set[str]) -> None:
        """Add the fields that these kinds of comments need there."""
        self.subject = subject
        if isinstance(subject, Episode) and kinds & set(Comment.TIMED):
            is_moment = kinds <= {Comment.Kind.MOMENT.value, Comment.Kind.LINE.value}
            self.fields["at"] = TimeField(required=is_moment, error_messages={"required": SAY_WHEN})
        if Comment.Kind.SONG in kinds:
            named = guide.series.songs.exclude(title="", native_title="")
            self.fields["song"] = SongField(
                named,
                label=_("Song"),
                required=False,
                empty_label=_("Another, named below"),
                error_messages={"invalid_choice": _("This series has no such song.")},
            )
            self.fields["song_name"] = LineField(
                label=_("Another song"),
                required=False,
                max_length=LONGEST_SONG_NAME,
                error_messages=TOO_LONG,
            )

    def check_pins(self, kind: str) -> None:
        """Each kind has what it needs and nothing that belongs to another: what was typed is asked about."""
        if "at" in self.fields:
            self.check_at(kind)
        if "song" in self.fields:
            self.check_song(kind)

    def check_at(self, kind: str) -> None:
        at = self.cleaned_data.get("at")
        if kind == Comment.Kind.TALK:
            if at is not None or self.has_error("at"):
                asked = _("You named a time. Is it a moment? Then choose that above, or take the time out.")
                self.errors.pop("at", None)
                self.add_error("at", forms.ValidationError(asked, code="kind"))
        elif at is None:
            if kind != Comment.Kind.SONG and not self.has_error("at"):
                self.add_error("at", forms.ValidationError(SAY_WHEN, code="required"))
        elif isinstance(self.subject, Episode) and at > self.subject.latest_at:
            self.add_error("at", forms.ValidationError(ends_at(self.subject), code="late"))

    def check_song(self, kind: str) -> None:
        if self.has_error("song") or self.has_error("song_name"):
            return
        song, name = self.cleaned_data.get("song"), self.cleaned_data.get("song_name")
        if kind != Comment.Kind.SONG:
            if song or name:
                asked = _("You named a song. Is this about it? Then choose that above, or take the song out.")
                self.add_error("song" if song else "song_name", forms.ValidationError(asked, code="kind"))
        elif song and name:
            self.add_error(
                "song_name", forms.ValidationError(_("Choose a song or name another, not both."), code="both")
            )
        elif not song and not name:
            self.add_error("song", forms.ValidationError(_("Choose a song, or name another."), code="required"))


def ends_at(episode: Episode) -> str:
    if episode.runtime is None:
        return gettext("No episode is that long.")
    end = clock(episode.runtime * 60)
    if episode.runtime_is_approximate:
        return gettext("%(episode)s ends at about %(time)s.") % {"episode": episode.label, "time": end}
    return gettext("%(episode)s ends at %(time)s.") % {"episode": episode.label, "time": end}


class DiscussionForm(Pinned, CommentForm):
    """A comment of any kind: talk, or pinned to a moment, a line or a song. A reply is talk."""

    field_order = ("kind", "at", "song", "song_name", "body", "spoils_through")

    def __init__(self, *args: Any, guide: Guide, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, guide=guide, **kwargs)
        if not self.data.get(self.add_prefix("parent")):
            choices = KINDS if isinstance(subject, Episode) else [kind for kind in KINDS if kind[0] in ROOM_KINDS]
            self.fields["kind"] = forms.ChoiceField(
                label=_("What it is"),
                choices=choices,
                required=False,
                initial=Comment.Kind.TALK,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("There is no such kind of comment.")},
            )
            self.pin(guide, subject, {kind for kind, _label in choices})
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "kind" in values:
            values["kind"] = values["kind"] or Comment.Kind.TALK.value
            self.check_pins(values["kind"])
        return values


KINDS = [
    (Comment.Kind.TALK.value, _("Talk")),
    (Comment.Kind.MOMENT.value, _("A moment: something happens")),
    (Comment.Kind.LINE.value, _("A line: somebody says it")),
    (Comment.Kind.SONG.value, _("A song: something plays")),
]
# The room is about the whole series, which has no minutes.
ROOM_KINDS = {Comment.Kind.TALK.value, Comment.Kind.SONG.value}


class CommentEditForm(Pinned, CommentBodyForm):
    """A comment stays of its kind; when it happens and which song it is may be put right."""

    began_with = ProofField()

    field_order = ("at", "song", "song_name", "body", "spoils_through")

    def __init__(self, *args: Any, comment: Comment, guide: Guide, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.values_of(comment))
        lowest = lowest_point(comment, guide)
        super().__init__(*args, guide=guide, known=comment.author_seen_through, **lowest, **kwargs)
        self.kind_of_comment = comment.kind
        self.pin(guide, comment.subject, {comment.kind} - {Comment.Kind.TALK})
        self.order_fields(self.field_order)
        if comment.kind == Comment.Kind.BONUS:
            self.fields["body"] = answer_field()
            self.order_fields(self.field_order)

    @staticmethod
    def values_of(comment: Comment) -> Mapping[str, Any]:
        names = ("body", "spoils_through", "at", "song_name")
        values = {name: getattr(comment, name) for name in names}
        return {**values, "song": comment.song_id, "began_with": comment.fingerprint}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.check_pins(self.kind_of_comment)
        self.weigh_scope()
        return values


LONGEST_BONUS = 300  # characters


def answer_field() -> WrittenField:
    return WrittenField(
        label=_("Your answer"),
        help_text=_("At most 300 characters."),
        max_length=LONGEST_BONUS,
        widget=forms.Textarea(attrs=counted(LONGEST_BONUS, rows=3)),
        error_messages={**TOO_LONG, "required": _("Write something first.")},
    )


class BonusForm(HindsightForm):
    """An answer to the question of an episode's bonus track: for those who have seen it, always."""

    body = answer_field()

    def __init__(self, *args: Any, guide: Guide, episode: Episode, **kwargs: Any) -> None:
        """It stands on a page among other forms: its ids begin with "bonus"."""
        super().__init__(*args, guide=guide, **{"auto_id": "bonus_%s", **kwargs})
        self.scope = episode.number
        question = gettext("You have seen through %(episode)s. Does this give away anything after %(this)s?")
        furthest = guide.series.words.numbered(self.furthest)
        self.offer_hindsight(question % {"episode": furthest, "this": episode.label}, self.scope, self.scope)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["spoils_through"] = self.weigh_hindsight(self.scope, has_scoped_words=True)
        return values
