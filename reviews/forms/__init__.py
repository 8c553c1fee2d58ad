from reviews.forms.comment import BonusForm, CommentEditForm, CommentForm, DiscussionForm
from reviews.forms.rating import EpisodeRatingsForm, RatingForm
from reviews.forms.review import ReviewForm
from reviews.forms.text import RaiseForm, scope_choices

__all__ = [
    "BonusForm",
    "CommentEditForm",
    "CommentForm",
    "DiscussionForm",
    "EpisodeRatingsForm",
    "RaiseForm",
    "RatingForm",
    "ReviewForm",
    "scope_choices",
]
