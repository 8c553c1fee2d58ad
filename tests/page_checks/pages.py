"""Every kind of page, how to come to it, and who can. `test_matrix.py` holds the list against the URLs of the site."""

from __future__ import annotations

from dataclasses import dataclass

from tests.page_checks.desk_pages import DESK, NO_DESK_PAGES
from tests.page_checks.page_type import (
    FULL,
    GUARDED,
    MEMBERS,
    ONE_MEMBER,
    VISITOR,
    PageType,
    Refused,
)

TOO_LONG = Refused("headline", {"headline": "헤드라인" * 40, "body": "비" * 10_001})
NOT_A_POINT = Refused("seen_through", {"seen_through": "99"})
ADDRESS = Refused("email", {"email": "nowhere", "action_add": ""})
NO_WORDS = Refused("body", {"body": " "})

PAGES = {
    # The catalogue
    "home": PageType("/", ("episodes:home",), refused=NOT_A_POINT, indexable=True),
    "series list": PageType("/series/", ("episodes:series_list",), indexable=True),
    "series": PageType("{series}", ("episodes:series", "episodes:set_progress"), refused=NOT_A_POINT, indexable=True),
    "episode": PageType("{episode}", ("episodes:episode",), refused=NOT_A_POINT, indexable=True),
    "episode ahead": PageType("{series}episodes/9/", states=FULL),
    "recap": PageType("{episode}recap/", ("episodes:recap",), indexable=True),
    # What members say
    "reviews": PageType("{episode}reviews/", ("reviews:reviews",), indexable=True),
    "reviews in order": PageType("{episode}reviews/?sort=lowest&stars=8", states=FULL),
    "reviews that wait": PageType("{episode}reviews/?waiting=list", states=FULL),
    "season reviews": PageType("{series}reviews/", indexable=True),
    "review": PageType("/reviews/{review}/", ("reviews:review",), states=FULL, refused=NO_WORDS, indexable=True),
    "review revealed": PageType("{episode}reviews/?reveal=review-{review}", states=FULL),
    "comments": PageType("{episode}comments/", ("reviews:comments",), refused=NO_WORDS, indexable=True),
    "comments of a minute": PageType("{episode}comments/?at=12:34", states=FULL),
    "comments in order": PageType("{episode}comments/?sort=felt&kind=moment", states=FULL),
    "comments that wait": PageType("{episode}comments/?waiting=list", states=FULL),
    "same seat": PageType("{episode}comments/?seat=same", roles=MEMBERS, states=FULL),
    "room": PageType("{series}comments/", refused=NO_WORDS, indexable=True),
    "comment": PageType("/comments/{comment}/", ("reviews:comment",), states=FULL, refused=NO_WORDS),
    "member": PageType("/members/{reviewer}/", ("accounts:member",), states=FULL, indexable=True),
    "fresh member": PageType("/members/{me}/", roles=MEMBERS),
    # Writing
    "composer": PageType("{episode}review/", ("reviews:edit_review",), refused=TOO_LONG),
    "season composer": PageType("{series}review/", refused=TOO_LONG),
    "all ratings": PageType("{series}ratings/", ("reviews:rate_episodes",), roles=MEMBERS, states=FULL),
    "raise review": PageType("/reviews/{own_review}/scope/", ("reviews:raise_review",), MEMBERS, FULL),
    "report review": PageType(
        "/reviews/{review}/report/", ("reviews:report_review",), MEMBERS, FULL, Refused("note", {"note": "비" * 501})
    ),
    "report comment": PageType(
        "/comments/{comment}/report/", ("reviews:report_comment",), MEMBERS, FULL, Refused("note", {"note": "w" * 501})
    ),
    "report member": PageType(
        "/members/{reviewer}/report/", ("reviews:report_member",), MEMBERS, FULL, Refused("note", {"note": "w" * 501})
    ),
    "delete review": PageType("/reviews/{own_review}/delete/", ("reviews:delete_review",), MEMBERS, FULL),
    "edit comment": PageType("/comments/{own_comment}/edit/", ("reviews:edit_comment",), MEMBERS, FULL, NO_WORDS),
    "raise comment": PageType("/comments/{own_comment}/scope/", ("reviews:raise_comment",), MEMBERS, FULL),
    "delete comment": PageType("/comments/{own_comment}/delete/", ("reviews:delete_comment",), MEMBERS, FULL),
    "drafts": PageType("/settings/drafts/", ("reviews:drafts",), roles=MEMBERS),
    "delete draft": PageType("/settings/drafts/{draft}/delete/", ("reviews:delete_draft",), MEMBERS, FULL),
    # Moderation
    "notices": PageType("/notifications/", ("reviews:notifications",), roles=MEMBERS),
    "appeal": PageType(
        "/appeals/{act}/", ("reviews:appeal",), ONE_MEMBER, FULL, Refused("body", {"body": "비" * 1_001})
    ),
    "appeal of a ban": PageType(
        "/appeals/banned/{ban}/", ("reviews:appeal_ban",), VISITOR, FULL, Refused("body", {"body": "w" * 1_001})
    ),
    "stale appeal": PageType("/appeals/banned/stale/", roles=VISITOR, states=FULL, status=403),
    # The house
    "guidelines": PageType("/guidelines/", ("reviews:guidelines",), states=FULL, indexable=True),
    "moderation log": PageType("/moderation-log/", ("reviews:moderation_log",), states=FULL, indexable=True),
    "safety": PageType("/safety/", ("reviews:safety",), states=FULL, indexable=True),
    "privacy": PageType("/privacy/", ("accounts:privacy",), states=FULL, indexable=True),
    "design": PageType("/design/", ("reviews:design",), roles=("moderator",), states=FULL),
    # Accounts
    "settings": PageType("/settings/", ("accounts:settings",), roles=MEMBERS),
    "avatar": PageType("/settings/avatar/", ("accounts:edit_avatar",), MEMBERS, FULL, Refused("avatar")),
    "log in": PageType(
        "/accounts/login/", ("account_login",), VISITOR, FULL, Refused("login", {"login": ""}), indexable=True
    ),
    "sign up": PageType(
        "/accounts/signup/",
        ("account_signup",),
        VISITOR,
        FULL,
        Refused("username", {"username": "w" * 40}),
        indexable=True,
    ),
    "log out": PageType("/accounts/logout/", ("account_logout",), ONE_MEMBER, FULL),
    "inactive": PageType("/accounts/inactive/", ("account_inactive",), VISITOR, FULL),
    "reauthenticate": PageType(
        "/accounts/reauthenticate/",
        ("account_reauthenticate",),
        ONE_MEMBER,
        FULL,
        Refused("password", {"password": ""}),
    ),
    "e-mail": PageType("/accounts/email/", ("account_email",), ONE_MEMBER, FULL, ADDRESS),
    "mail sent": PageType("/accounts/confirm-email/", ("account_email_verification_sent",), VISITOR, FULL),
    "confirm e-mail": PageType("/accounts/confirm-email/{confirmation}/", ("account_confirm_email",), VISITOR, FULL),
    "stale e-mail": PageType("/accounts/confirm-email/stale/", (), VISITOR, FULL),
    "change password": PageType(
        "/accounts/password/change/", ("account_change_password",), ONE_MEMBER, FULL, Refused("oldpassword")
    ),
    "set password": PageType(
        "/accounts/password/set/", ("account_set_password",), ("without_password",), FULL, Refused("password1")
    ),
    "forgot password": PageType(
        "/accounts/password/reset/", ("account_reset_password",), VISITOR, FULL, Refused("email", {"email": "nowhere"})
    ),
    "password mail sent": PageType("/accounts/password/reset/done/", ("account_reset_password_done",), VISITOR, FULL),
    "new password": PageType(
        "/accounts/password/reset/key/{reset}/",
        ("account_reset_password_from_key",),
        VISITOR,
        FULL,
        Refused("password1"),
        lands="/accounts/password/reset/key/{member_key}-set-password/",
    ),
    "stale password": PageType("/accounts/password/reset/key/1-stale/", (), VISITOR, FULL),
    "password is new": PageType(
        "/accounts/password/reset/key/done/", ("account_reset_password_from_key_done",), VISITOR, FULL
    ),
    "second factors": PageType("/accounts/2fa/", ("mfa_index",), ("member", "guarded"), FULL),
    "second step": PageType(
        "/accounts/2fa/authenticate/", ("mfa_authenticate",), ("between",), FULL, Refused("code", {"code": ""})
    ),
    "reauthenticate by code": PageType(
        "/accounts/2fa/reauthenticate/", ("mfa_reauthenticate",), GUARDED, FULL, Refused("code", {"code": ""})
    ),
    "reauthenticate by key": PageType(
        "/accounts/2fa/webauthn/reauthenticate/",
        ("mfa_reauthenticate_webauthn",),
        GUARDED,
        FULL,
        Refused("credential", {"credential": ""}, instead=200),  # allauth says so at home
    ),
    "add authenticator": PageType(
        "/accounts/2fa/totp/activate/", ("mfa_activate_totp",), ONE_MEMBER, FULL, Refused("code", {"code": "1"})
    ),
    "remove authenticator": PageType("/accounts/2fa/totp/deactivate/", ("mfa_deactivate_totp",), GUARDED, FULL),
    "recovery codes": PageType("/accounts/2fa/recovery-codes/", ("mfa_view_recovery_codes",), GUARDED, FULL),
    "new recovery codes": PageType(
        "/accounts/2fa/recovery-codes/generate/", ("mfa_generate_recovery_codes",), GUARDED, FULL
    ),
    "passkeys": PageType("/accounts/2fa/webauthn/", ("mfa_list_webauthn",), ("member", "guarded"), FULL),
    "add passkey": PageType("/accounts/2fa/webauthn/add/", ("mfa_add_webauthn",), ONE_MEMBER, FULL),
    "rename passkey": PageType(
        "/accounts/2fa/webauthn/keys/{key}/edit/",
        ("mfa_edit_webauthn",),
        GUARDED,
        FULL,
        Refused("name", {"name": ""}),
    ),
    "remove passkey": PageType("/accounts/2fa/webauthn/keys/{key}/remove/", ("mfa_remove_webauthn",), GUARDED, FULL),
    "sessions": PageType("/accounts/sessions/", ("usersessions_list",), ONE_MEMBER, FULL),
    # What went wrong
    "not there": PageType("/no-such-page/", status=404, states=FULL),
    "session ended": PageType(
        "/settings/", (), ONE_MEMBER, (), Refused("display_name", without="sessionid", instead=403)
    ),
    "form ended": PageType(
        "/settings/", (), ONE_MEMBER, (), Refused("display_name", without="csrftoken", instead=403)
    ),
    "silenced": PageType("{episode}review/", (), ("silenced",), (), Refused("headline", instead=403)),
    "banned": PageType(
        "/accounts/login/",
        (),
        VISITOR,
        (),
        Refused("login", {"login": "banned@example.com", "password": "mandarin-scarf-lyric-1983"}, instead=403),
    ),
    "bad request": PageType("/400", error="400", roles=VISITOR, states=FULL, status=400),
    "refused": PageType("/403", error="403", roles=VISITOR, states=FULL, status=403),
    "too many": PageType("/429", error="429", roles=VISITOR, states=FULL, status=429),
    "broken": PageType("/500", error="500", roles=VISITOR, states=FULL, status=500),
    # The desk
    **DESK,
}

# URLs that lead to no page of their own.
NO_PAGES = {
    "accounts:authenticator_qr": "a picture",
    "accounts:delete_avatar": "only posted to",
    "accounts:set_preferences": "only posted to",
    "episodes:undo_progress": "only posted to",
    "reviews:answer_bonus": "only posted to; refused it is the episode's page",
    "reviews:answer_review": "only posted to; refused it is the review's page",
    "reviews:like_comment": "only posted to",
    "reviews:like_review": "only posted to",
    "reviews:peek": "only posted to",
    "reviews:rate": "only posted to",
    "reviews:read_answer": "only posted to",
    "reviews:read_answers": "only posted to",
    "reviews:read_notifications": "only posted to",
    "reviews:remove_rating": "only posted to",
    "reviews:undelete_comment": "only posted to",
    "reviews:undelete_review": "only posted to",
    "media": "pictures",
    "webmanifest": "what a home screen wants to know",
    "favicon": "a picture",
    "account_confirm_login_code": "codes by mail are not in use",
    "mfa_download_recovery_codes": "plain text",
    "mfa_login_webauthn": "answers a script",
    **NO_DESK_PAGES,
}


@dataclass(frozen=True)
class Cell:
    """One page as one reader meets it."""

    page: str
    role: str
    theme: str
    width: int
    state: str
    language: str

    def __str__(self) -> str:
        return "-".join(map(str, (self.page, self.role, self.theme, self.width, self.state, self.language)))

    @property
    def values(self) -> tuple[object, ...]:
        return (self.page, self.role, self.theme, self.width, self.state, self.language)


def cells() -> list[Cell]:
    """The whole matrix, without what cannot be."""
    return [
        Cell(name, role, theme, width, state, language)
        for name, page in PAGES.items()
        for role in page.roles
        for theme in ("light", "dark")
        for width in (320, 1280)
        for state in (*page.states, *(["error"] if page.refused else []))
        for language in ("en", "ko")
    ]


def pairwise(every: list[Cell]) -> list[Cell]:
    """As few of them as show each two values together that are together anywhere; the same ones every time."""
    pairs = {
        cell: {
            (one, cell.values[one], other, cell.values[other])
            for one in range(len(cell.values))
            for other in range(one)
        }
        for cell in every
    }
    wanted = set().union(*pairs.values())
    chosen = []
    while wanted:
        best = max(every, key=lambda cell: len(pairs[cell] & wanted))
        chosen.append(best)
        wanted -= pairs[best]
    return chosen
