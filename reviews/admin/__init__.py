"""Moderation: find a text, read it as far as one has seen, act on it with a reason. Nobody edits or deletes."""

from reviews.admin.texts import CommentAdmin, ReviewAdmin, TextAdmin

# isort: split
# The first page of the admin lists them in this order: the log comes after what it is about.
from reviews.admin.log import ModerationActionAdmin

__all__ = ["CommentAdmin", "ModerationActionAdmin", "ReviewAdmin", "TextAdmin"]
