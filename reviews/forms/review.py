from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from episodes.models import Series
from reviews.forms.rating import stars_field
from reviews.forms.text import TOO_LONG, ProofField, ScopedForm, counted, lowest_point
from reviews.models import Review
from reviews.models.reading import Subject
from reviews.models.review import LONGEST_ANSWER, LONGEST_HEADLINE, PROMPTS
from soundtrack_site.forms import LineField


class ReviewForm(ScopedForm):
    """Stars, a safe line and the rest. Stars or a text: either will do."""

    headline = LineField(
        label=_("One line, safe for people who haven't seen it"),
        help_text=_("Everybody is shown this line, also those who have not started. Nothing of the plot, please."),
        required=False,
        max_length=LONGEST_HEADLINE,
        widget=forms.TextInput(attrs=counted(LONGEST_HEADLINE)),
        error_messages=TOO_LONG,
    )
    began_with = ProofField()

    field_order: tuple[str, ...] = ("stars", "headline", "body", "spoils_through")

    def __init__(self, *args: Any, guide: Guide, review: Review | None = None, **kwargs: Any) -> None:
        """`review`: what it changes; its author may raise its scope, and never lower it."""
        has_words = review is not None and review.has_scoped_words
        known = review.author_seen_through if review is not None and has_words else None
        super().__init__(*args, guide=guide, known=known, **{**lowest_point(review, guide), **kwargs})
        self.fields["stars"] = stars_field(guide.series.words, _("Your stars"), required=False)
        self.is_folded = review is not None and review.headline_folded_at is not None
        if self.is_folded:
            self.fields["headline"].help_text = _(
                "A moderator has folded this line into your text: only those who may read the text are shown it."
            )
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
            **{name: getattr(review, name) for name in ("stars", "body", *PROMPTS)},
            "headline": review.line,
            "spoils_through": review.spoils_through if review.has_scoped_words else own_scope,
            "began_with": review.fingerprint,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        # A line that a moderator has folded is a part of the text. One that is safe for everybody spoils nothing, and
        # neither do stars: nobody is asked of what comes later.
        scoped = ("body", *PROMPTS, "headline") if self.is_folded else ("body", *PROMPTS)
        enough = {"stars", *scoped} & set(self.fields)
        if not enough & set(self.errors) and not any(values.get(name) for name in enough):
            self.add_error(None, forms.ValidationError(_("Give stars, write something, or both."), code="empty"))
        self.weigh_scope(has_scoped_words=any(values.get(name) for name in scoped))
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
