"""Moderation: find a text, read it as far as one has seen, act on it with a reason. Nobody edits or deletes."""

from reviews.admin.log import ModerationActionAdmin
from reviews.admin.texts import CommentAdmin, ReviewAdmin, TextAdmin

__all__ = ["CommentAdmin", "ModerationActionAdmin", "ReviewAdmin", "TextAdmin"]
