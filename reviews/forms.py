from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from episodes.models import Episode, Series, Song
from episodes.templatetags.catalogue import clock
from reviews.models import Comment, Review
from reviews.models.comment import LONGEST_SONG_NAME
from reviews.models.review import LONGEST_ANSWER, LONGEST_HEADLINE, PROMPTS
from reviews.models.text import LONGEST_BODY, Subject
from reviews.rating_forms import stars_field
from soundtrack_site.clock import seconds_in
from soundtrack_site.forms import LineField, WrittenField
from soundtrack_site.markdown import render_markdown

TOO_LONG = {"max_length": _("At most %(limit_value)d characters, please. This has %(show_value)d.")}
LIKE_A_CLOCK = _("Write it like 12:30.")
SAY_WHEN = _("Say when it happens, like 12:30.")
GONE = _("What you answer has been taken away meanwhile. Send your words again, and they stand on their own.")


def scope_choices(guide: Guide, at_least: int = 0) -> list[tuple[int, str]]:
    """How far a text may spoil, in the series' words, up to the last episode that has aired."""
    choices = [
        (episode.number, gettext("Seen through %(episode)s") % {"episode": episode.label})
        for episode in guide.aired
        if episode.number >= at_least
    ]
    return choices if at_least else [(0, gettext("Everyone: it gives nothing away")), *choices]


def counted(most: int, **attrs: Any) -> dict[str, Any]:
    """Attributes of a field that says how much room is left, once little is: see `count_characters.js`."""
    return {
        "data-count": most,
        "data-count-left": _("Characters left: "),
        "data-count-over": _("Characters too many: "),
        **attrs,
    }


class ProofField(forms.Field):
    """The fingerprint of the words that a form began with: "" for none yet, None where the form names none.

    Whatever else is sent here is the proof of nothing that stands, and makes a conflict.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)


class ScopedForm(forms.Form):
    """What a text of any kind asks for: the words, and who may read them."""

    body = WrittenField(
        label=_("The rest"),
        help_text=_("*emphasis*, **strong**, > quote, - list and links work. At most 10,000 characters."),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs=counted(LONGEST_BODY, rows=8)),
        error_messages=TOO_LONG,
    )
    spoils_through = forms.TypedChoiceField(
        label=_("Who may read it"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say who may read it."),
            "invalid_choice": _("Choose one of the points in this series."),
        },
    )

    def __init__(self, *args: Any, guide: Guide, at_least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide
        self.preview: SafeString | None = None
        self.set_floor(at_least)

    def set_floor(self, at_least: int) -> None:
        """A reply spoils at least as far as what it replies to; that is also where the form begins."""
        self.initial["spoils_through"] = max(at_least, self.initial.get("spoils_through", 0))
        self.fields["spoils_through"].choices = scope_choices(self.guide, at_least)  # type: ignore[attr-defined]

    def show_preview(self) -> None:
        """Have the words shown above the form as they would look. What else is wrong is said when they are sent."""
        if not {"body", NON_FIELD_ERRORS} & set(self.errors):
            self.preview = render_markdown(self.cleaned_data["body"])
            self.errors.clear()

    def begin_again(self, fingerprint: str) -> None:
        """What is typed here stands against other words now: sent once more, it takes their place."""
        self.data = {**dict(self.data.items()), self.add_prefix("began_with"): fingerprint}

    @property
    def is_in_conflict(self) -> bool:
        """Another tab has changed the words that this form began with."""
        return self.has_error(NON_FIELD_ERRORS, "conflict")


class ReviewForm(ScopedForm):
    """Stars, a safe line and the rest. Stars or a text: either will do."""

    headline = LineField(
        label=_("One line, safe for people who haven't seen it"),
        required=False,
        max_length=LONGEST_HEADLINE,
        widget=forms.TextInput(attrs=counted(LONGEST_HEADLINE)),
        error_messages=TOO_LONG,
    )
    began_with = ProofField()

    field_order: tuple[str, ...] = ("stars", "headline", "body", "spoils_through")
    # Fields of which each makes a review, also alone.
    enough: tuple[str, ...] = ("stars", "body")

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, guide=guide, **kwargs)
        self.fields["stars"] = stars_field(guide.series.words, _("Your stars"), required=False)
        self.order_fields(self.field_order)

    @property
    def prompts(self) -> list[forms.BoundField]:
        """What a whole series is asked besides; nothing for an episode."""
        return [self[name] for name in PROMPTS if name in self.fields]

    @property
    def answers(self) -> list[tuple[Any, str]]:
        """Each of these questions with what was typed, for a preview."""
        return [
            (field.label, self.cleaned_data[field.name]) for field in self.prompts if self.cleaned_data.get(field.name)
        ]

    @classmethod
    def about(cls, subject: Subject) -> type[ReviewForm]:
        """The form for a review of this: a whole series is asked more."""
        return SeasonReviewForm if isinstance(subject, Series) else ReviewForm

    @classmethod
    def values_of(cls, review: Review | None, subject: Subject, guide: Guide) -> Mapping[str, Any]:
        """What the form begins with: the review as it stands, or an empty one.

        That spoils its own episode; of a whole series, as far as its author can.
        """
        if isinstance(subject, Series):
            own_scope = guide.viewer.furthest(guide.series) or guide.last_aired
        else:
            own_scope = subject.number
        if review is None:
            return {"spoils_through": own_scope, "began_with": ""}
        return {
            **{name: getattr(review, name) for name in ("stars", "headline", "body", *PROMPTS)},
            "spoils_through": review.spoils_through if review.has_scoped_words else own_scope,
            "began_with": review.fingerprint,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not set(self.enough) & set(self.errors) and not any(values.get(name) for name in self.enough):
            raise forms.ValidationError(_("Give stars, write something, or both."), code="empty")
        return values


def prompt_field(name: str) -> LineField:
    return LineField(
        label=capfirst(Review._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.TextInput(attrs=counted(LONGEST_ANSWER)),
        error_messages=TOO_LONG,
    )


class SeasonReviewForm(ReviewForm):
    """The same of a whole series, with three questions more."""

    rewound = prompt_field("rewound")
    stayed = prompt_field("stayed")
    shown_to = prompt_field("shown_to")

    field_order = ("stars", "headline", *PROMPTS, "body", "spoils_through")
    enough = ("stars", "body", *PROMPTS)


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

    def answer(self) -> Comment | None:
        """The comment that is to be answered. When it is gone the form says so, and begins no reply any more."""
        key = self.cleaned_data.pop("parent")
        if key is not None:
            self.answered = Comment.objects.live().select_related("author").filter(pk=key).first()
            if self.answered is None:
                self.answer_nothing()
                self.add_error(None, GONE)
        return self.answered

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
            raise forms.ValidationError(LIKE_A_CLOCK, code="clock")
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
        return gettext("This episode ends at about %(time)s.") % {"time": end}
    return gettext("This episode ends at %(time)s.") % {"time": end}


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
        super().__init__(*args, guide=guide, at_least=comment.spoils_through, **kwargs)
        self.kind_of_comment = comment.kind
        self.pin(guide, comment.subject, {comment.kind} - {Comment.Kind.TALK})
        self.order_fields(self.field_order)
        if comment.kind == Comment.Kind.BONUS:
            self.fields["body"] = answer_field()
            self.order_fields(self.field_order)
        if comment.spoils_through:
            self.fields["spoils_through"].help_text = _("It can only be raised: others may have answered it.")

    @staticmethod
    def values_of(comment: Comment) -> Mapping[str, Any]:
        names = ("body", "spoils_through", "at", "song_name")
        values = {name: getattr(comment, name) for name in names}
        return {**values, "song": comment.song_id, "began_with": comment.fingerprint}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.check_pins(self.kind_of_comment)
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


class BonusForm(forms.Form):
    """An answer to the question of an episode's bonus track: for those who have seen it, always."""

    body = answer_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It stands on a page among other forms: its ids begin with "bonus"."""
        super().__init__(*args, **{"auto_id": "bonus_%s", **kwargs})
