from reviews.views.comments import answer_review, comment, comments, delete_comment, edit_comment
from reviews.views.reviews import delete_review, edit_review, remove_rating, review, reviews

__all__ = [
    "answer_review",
    "comment",
    "comments",
    "delete_comment",
    "delete_review",
    "edit_comment",
    "edit_review",
    "remove_rating",
    "review",
    "reviews",
]
