"""The pages of the desk and of the house, as moderators and admins meet them; of the catalogue one table for all."""

from __future__ import annotations

from tests.page_checks.page_type import ADMIN, FULL, MODERATOR, VISITOR, PageType, Refused

NO_REASON = Refused("reason", {"reason": " "})
NO_ANSWER = Refused("answer", {"answer": "비" * 1_001})
BAD_SCOPE = Refused("reason", {"reason": " ", "spoils_through": "99"})
GOOD_REASON = Refused("reason", {"reason": "It may stand."}, instead=200)  # not refused: what is said afterwards
CHOSEN = {"action": "hide_selected", "_selected_action": "{desk_comment}"}
# Django's own forms come back as Django draws them, and mostly with 200.
NO_PASSWORD = Refused("old_password", {"old_password": ""}, instead=422)
NO_TITLE = Refused("position", {"position": "first", "wordings-0-title": ""}, instead=200)
NO_NAME = Refused("name", {"name": ""}, instead=200)
NO_WORD = Refused("word", {"word": ""}, instead=200)
NO_DAYS = Refused("new_days", {"new_days": "some"}, instead=200)


def at(table: str, key: str = "", way: str = "change") -> str:
    """`key` is told by the world; without one it is the list."""
    app, model = table.split(".")
    return f"/admin/{app}/{model}/" + (f"{{{key}}}/{way}/" if key else "")


def desk(path: str, *views: str, refused: Refused | None = None, states: tuple[str, ...] = FULL) -> PageType:
    return PageType(path, tuple(f"admin:{view}" for view in views), MODERATOR, states, refused)


def house(path: str, *views: str, refused: Refused | None = None) -> PageType:
    return PageType(path, tuple(f"admin:{view}" for view in views), ADMIN, FULL, refused)


DESK = {
    "desk": desk("/admin/", "index"),
    "desk log in": PageType("/admin/login/?next=/admin/", ("admin:login",), VISITOR, FULL, lands="/accounts/login/"),
    "desk of an app": desk("/admin/reviews/", "app_list"),
    "own password": desk(
        "/admin/password_change/",
        "password_change",
        refused=NO_PASSWORD,
    ),
    "own password is new": desk("/admin/password_change/done/", "password_change_done"),
    # Cases
    "cases": desk(at("reviews.case"), "reviews_case_changelist"),
    "cases opened": desk(at("reviews.case") + "?state=all&beyond=open"),
    "case": desk(at("reviews.case", "desk_case"), "reviews_case_change"),
    "case that waits": desk(at("reviews.case", "desk_case_ahead")),
    "case revealed": desk(at("reviews.case", "desk_case_ahead") + "?beyond=open"),
    "case of a headline": desk(at("reviews.case", "desk_case_headline")),
    "case of a member": desk(at("reviews.case", "desk_case_member")),
    "case that is claimed": desk(at("reviews.case", "desk_case_mine")),
    "case that another claims": desk(at("reviews.case", "desk_case_theirs")),
    "case that is decided": desk(at("reviews.case", "desk_case_decided")),
    # Texts
    "desk reviews": desk(at("reviews.review"), "reviews_review_changelist"),
    "desk reviews opened": desk(at("reviews.review") + "?beyond=open&q=w"),
    "desk comments": desk(at("reviews.comment"), "reviews_comment_changelist"),
    "held texts": desk(at("reviews.comment") + "?state=held"),
    "desk review": desk(at("reviews.review", "desk_review"), "reviews_review_change"),
    "desk comment": desk(at("reviews.comment", "desk_comment"), "reviews_comment_change"),
    "desk comment that waits": desk(at("reviews.comment", "desk_ahead")),
    "keep": desk(at("reviews.comment", "desk_comment", "keep"), "reviews_comment_keep", refused=NO_REASON),
    "hide": desk(at("reviews.comment", "desk_ahead", "hide"), "reviews_comment_hide", refused=NO_REASON),
    "approve": desk(at("reviews.comment", "desk_held", "approve"), "reviews_comment_approve", refused=NO_REASON),
    "restore": desk(at("reviews.comment", "desk_hidden", "restore"), "reviews_comment_restore", refused=NO_REASON),
    "rescope": desk(at("reviews.comment", "desk_comment", "scope"), "reviews_comment_scope", refused=BAD_SCOPE),
    "lock": desk(at("reviews.comment", "desk_comment", "lock"), "reviews_comment_lock", refused=NO_REASON),
    "unlock": desk(at("reviews.comment", "desk_locked", "unlock"), "reviews_comment_unlock", refused=NO_REASON),
    "fold": desk(at("reviews.review", "desk_review", "fold"), "reviews_review_fold", refused=BAD_SCOPE),
    "unfold": desk(at("reviews.review", "desk_folded", "unfold"), "reviews_review_unfold", refused=NO_REASON),
    "several": desk(at("reviews.comment"), states=(), refused=Refused("action", CHOSEN, instead=200)),
    "several, refused": desk(
        at("reviews.comment"), states=(), refused=Refused("action", {**CHOSEN, "confirmed": "yes", "reason": " "})
    ),
    # Members
    "desk members": desk(at("accounts.user"), "accounts_user_changelist"),
    "desk member": desk(at("accounts.user", "desk_member"), "accounts_user_change"),
    "member as an admin": house(at("accounts.user", "desk_member")),
    "leave member": desk(at("accounts.user", "desk_member", "keep"), "accounts_user_keep", refused=NO_REASON),
    "silence": desk(at("accounts.user", "desk_member", "silence"), "accounts_user_silence", refused=NO_REASON),
    "ban": desk(at("accounts.user", "desk_member", "ban"), "accounts_user_ban", refused=NO_REASON),
    "lift": desk(at("accounts.user", "desk_silenced", "lift"), "accounts_user_lift", refused=NO_REASON),
    "hide all": desk(at("accounts.user", "desk_member", "hide_all"), "accounts_user_hide_all", refused=NO_REASON),
    # Appeals and the log
    "appeals": desk(at("reviews.appeal"), "reviews_appeal_changelist"),
    "desk appeal": desk(at("reviews.appeal", "desk_appeal"), "reviews_appeal_change", refused=NO_ANSWER),
    "appeal of one's own": desk(at("reviews.appeal", "desk_appeal_own")),
    "appeal that is heard": desk(at("reviews.appeal", "desk_appeal_heard")),
    "log": desk(at("reviews.moderationaction"), "reviews_moderationaction_changelist"),
    "entry": desk(at("reviews.moderationaction", "desk_act"), "reviews_moderationaction_change"),
    "entry of a sanction": desk(at("reviews.moderationaction", "desk_sanction")),
    "reverse": desk(
        at("reviews.moderationaction", "desk_act", "reverse"), "reviews_moderationaction_reverse", refused=NO_REASON
    ),
    # The house
    "raid": desk("/admin/reviews/policy/raid/", "reviews_policy_raid", refused=NO_REASON),
    # Each look switches it on or off: the one act that can be done again and again.
    "raid is switched": desk("/admin/reviews/policy/raid/", states=(), refused=GOOD_REASON),
    "policies": house(at("reviews.policy"), "reviews_policy_changelist"),
    "policy": house(at("reviews.policy", "desk_policy"), "reviews_policy_change", refused=NO_DAYS),
    "held words": house(at("reviews.heldword"), "reviews_heldword_changelist"),
    "add held word": house("/admin/reviews/heldword/add/", "reviews_heldword_add", refused=NO_WORD),
    "rules": house(at("reviews.rule"), "reviews_rule_changelist"),
    "rule": house(at("reviews.rule", "desk_rule"), "reviews_rule_change", refused=NO_TITLE),
    "ready reasons": house(at("reviews.reasontemplate"), "reviews_reasontemplate_changelist"),
    "ready reason": house(
        at("reviews.reasontemplate", "desk_reason"), "reviews_reasontemplate_change", refused=NO_NAME
    ),
    "delete held word": house(at("reviews.heldword", "desk_word", "delete"), "reviews_heldword_delete"),
    "history of a rule": house(at("reviews.rule", "desk_rule", "history"), "reviews_rule_history"),
    # The catalogue: its tables are Django's own pages, all alike
    "desk people": house(at("episodes.person"), "episodes_person_changelist"),
    "desk person": house(at("episodes.person", "desk_person"), "episodes_person_change", refused=NO_NAME),
}

# What Django draws for every table, in the same way: one of each stands above.
ALIKE = tuple(f"_{name}" for name in ("add", "change", "changelist", "delete", "history"))
LIKE_COMMENTS = ("keep", "hide", "approve", "restore", "scope", "lock", "unlock")
NO_DESK_PAGES = {
    "admin:autocomplete": "answers a script",
    "admin:jsi18n": "a script",
    "admin:logout": "only posted to",
    "admin:view_on_site": "leads to a page of the site",
    "admin:reviews_appeal_hear": "only posted to; refused it is the appeal's page",
    "admin:reviews_case_claim": "only posted to",
    "admin:reviews_case_release": "only posted to",
    "admin:reviews_moderationaction_undo": "only posted to",
    **{f"admin:{table}_desk": "leads to a case" for table in ("accounts_user", "reviews_comment", "reviews_review")},
    **{f"admin:reviews_review_{act}": "the page of a comment with other words" for act in LIKE_COMMENTS},
}
