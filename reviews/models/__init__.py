from reviews.models.comment import Comment
from reviews.models.draft import Draft
from reviews.models.like import Like
from reviews.models.moderation import ModerationAction
from reviews.models.reading import LIVE
from reviews.models.review import Review
from reviews.models.revision import Revision
from reviews.models.tally import MomentTally, RatingTally, ScopeTally
from reviews.models.text import Text

__all__ = [
    "LIVE",
    "Comment",
    "Draft",
    "Like",
    "ModerationAction",
    "MomentTally",
    "RatingTally",
    "Review",
    "Revision",
    "ScopeTally",
    "Text",
]
