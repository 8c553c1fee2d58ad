from reviews.models.appeal import Appeal
from reviews.models.case import Case, Report
from reviews.models.comment import Comment
from reviews.models.draft import Draft
from reviews.models.flood import Burst, FloodError
from reviews.models.like import Like
from reviews.models.moderation import ModerationAction
from reviews.models.notification import Notification
from reviews.models.policy import HeldWord, Policy
from reviews.models.reading import LIVE
from reviews.models.review import Review
from reviews.models.revision import Revision
from reviews.models.rule import ReasonTemplate, Rule, RuleWording
from reviews.models.tally import MomentTally, RatingTally, ScopeTally
from reviews.models.text import Text

__all__ = [
    "LIVE",
    "Appeal",
    "Burst",
    "Case",
    "Comment",
    "Draft",
    "FloodError",
    "HeldWord",
    "Like",
    "ModerationAction",
    "MomentTally",
    "Notification",
    "Policy",
    "RatingTally",
    "ReasonTemplate",
    "Report",
    "Review",
    "Revision",
    "Rule",
    "RuleWording",
    "ScopeTally",
    "Text",
]
