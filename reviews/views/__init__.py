from reviews.views.appeals import appeal, appeal_ban
from reviews.views.comments import comment
from reviews.views.design import design
from reviews.views.drafts import delete_draft, drafts
from reviews.views.house import guidelines, safety
from reviews.views.likes import like_comment, like_review
from reviews.views.log import moderation_log
from reviews.views.notifications import notifications, read_notifications
from reviews.views.own_comments import (
    answer_bonus,
    answer_review,
    comments,
    delete_comment,
    edit_comment,
)
from reviews.views.own_reviews import delete_review, edit_review, remove_rating
from reviews.views.own_scopes import raise_comment, raise_review
from reviews.views.ratings import rate, rate_episodes
from reviews.views.replies import read_answer, read_answers
from reviews.views.reports import report_comment, report_member, report_review
from reviews.views.reviews import review, reviews
from reviews.views.scores import peek
from reviews.views.undo import undelete_comment, undelete_review

__all__ = [
    "answer_bonus",
    "answer_review",
    "appeal",
    "appeal_ban",
    "comment",
    "comments",
    "delete_comment",
    "delete_draft",
    "delete_review",
    "design",
    "drafts",
    "edit_comment",
    "edit_review",
    "guidelines",
    "like_comment",
    "like_review",
    "moderation_log",
    "notifications",
    "peek",
    "raise_comment",
    "raise_review",
    "rate",
    "rate_episodes",
    "read_answer",
    "read_answers",
    "read_notifications",
    "remove_rating",
    "report_comment",
    "report_member",
    "report_review",
    "review",
    "reviews",
    "safety",
    "undelete_comment",
    "undelete_review",
]
