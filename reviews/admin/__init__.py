"""Moderation: what waits, a text as far as one has seen, an act with a reason. Nobody edits or deletes."""

from django.contrib import admin

from reviews.admin.appeals import AppealAdmin
from reviews.admin.cases import CaseAdmin
from reviews.admin.front import front_of
from reviews.admin.house import HeldWordAdmin, PolicyAdmin, ReasonTemplateAdmin, RuleAdmin
from reviews.admin.log import ModerationActionAdmin
from reviews.admin.texts import CommentAdmin, ReviewAdmin
from reviews.models import Appeal, Case, Comment, HeldWord, ModerationAction, Policy, ReasonTemplate, Review, Rule

# The first page of the admin lists them in this order: what waits, what is said, what was done, the house.
admin.site.register(Case, CaseAdmin)
admin.site.register(Appeal, AppealAdmin)
admin.site.register(Review, ReviewAdmin)
admin.site.register(Comment, CommentAdmin)
admin.site.register(ModerationAction, ModerationActionAdmin)
admin.site.register(Rule, RuleAdmin)
admin.site.register(ReasonTemplate, ReasonTemplateAdmin)
admin.site.register(HeldWord, HeldWordAdmin)
admin.site.register(Policy, PolicyAdmin)

admin.site.fronts.append(front_of)  # type: ignore[attr-defined] # see `soundtrack_site.admin.Site`
