from reviews.forms.appeal import AppealForm
from reviews.forms.comment import BonusForm, CommentEditForm, CommentForm, DiscussionForm
from reviews.forms.rating import EpisodeRatingsForm, RatingForm
from reviews.forms.report import ReportForm, TextReportForm
from reviews.forms.review import ReviewForm
from reviews.forms.text import RaiseForm, scope_choices

__all__ = [
    "AppealForm",
    "BonusForm",
    "CommentEditForm",
    "CommentForm",
    "DiscussionForm",
    "EpisodeRatingsForm",
    "RaiseForm",
    "RatingForm",
    "ReportForm",
    "ReviewForm",
    "TextReportForm",
    "scope_choices",
]
