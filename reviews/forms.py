from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from episodes.models import Series
from reviews.models import Comment, Review
from reviews.models.review import LONGEST_HEADLINE
from reviews.models.text import LONGEST_BODY, Subject
from reviews.templatetags.ratings import stars_in_words
from soundtrack_site.forms import LineField, WrittenField

TOO_LONG = {"max_length": _("At most %(limit_value)d characters, please. This has %(show_value)d.")}
GONE = _("What you answer has been taken away meanwhile. Send your words again, and they stand on their own.")


def scope_choices(guide: Guide, at_least: int = 0) -> list[tuple[int, str]]:
    """How far a text may spoil, in the series' words, up to the last episode that has aired."""
    choices = [
        (episode.number, gettext("Seen through %(episode)s") % {"episode": episode.label})
        for episode in guide.aired
        if episode.number >= at_least
    ]
    return choices if at_least else [(0, gettext("Everyone: it gives nothing away")), *choices]


class ScopedForm(forms.Form):
    """What a text of any kind asks for: the words, and who may read them."""

    body = WrittenField(
        label=_("The rest"),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8}),
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
        self.set_floor(at_least)

    def set_floor(self, at_least: int) -> None:
        """A reply spoils at least as far as what it replies to; that is also where the form begins."""
        self.initial["spoils_through"] = max(at_least, self.initial.get("spoils_through", 0))
        self.fields["spoils_through"].choices = scope_choices(self.guide, at_least)  # type: ignore[attr-defined]


class ReviewForm(ScopedForm):
    """Stars, a safe line and the rest. Stars or a text: either will do."""

    stars = forms.TypedChoiceField(
        label=_("Your stars"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Half a star to five, in halves.")},
    )
    headline = LineField(
        label=_("One line, safe for people who haven't seen it"),
        required=False,
        max_length=LONGEST_HEADLINE,
        error_messages=TOO_LONG,
    )

    field_order = ("stars", "headline", "body", "spoils_through")

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, guide=guide, **kwargs)
        words = guide.series.words
        self.fields["stars"].choices = [  # type: ignore[attr-defined] # a choice field
            (half, stars_in_words(half, words)) for half in range(1, 11)
        ]

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
            return {"spoils_through": own_scope}
        return {
            "stars": review.stars,
            "headline": review.headline,
            "body": review.body,
            "spoils_through": review.spoils_through if review.body else own_scope,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        has_errors = {"stars", "body"} & set(self.errors)
        if not has_errors and not values.get("stars") and not values.get("body"):
            raise forms.ValidationError(_("Give stars, write something, or both."), code="empty")
        return values


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
    """A comment or a reply; `parent` names the comment that it answers."""

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


class CommentEditForm(CommentBodyForm):
    def __init__(self, *args: Any, comment: Comment, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"body": comment.body, "spoils_through": comment.spoils_through})
        super().__init__(*args, at_least=comment.spoils_through, **kwargs)
        if comment.spoils_through:
            self.fields["spoils_through"].help_text = _("It can only be raised: others may have answered it.")
