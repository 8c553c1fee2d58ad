"""What everybody is answered, everywhere: one row for each URL of ours and of allauth, and rights for the admin's.

A cell is a status, or where a stranger is led (`login`, `again`: to type their password once more). `!` after it:
something was written. `~`: only in their session or in the cache. A row names groups and then members, and who comes
later wins: "login, members 404, owner 200". By state of what stands in the address: `*` is for all states not named.

HEAD is answered as GET, but where its row says otherwise. Every other method is refused everywhere, whoever asks: no
row says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conftest import PASSWORD
from tests.matrix.world import WHO

Cells = str | Mapping[str, str]
Sent = Mapping[str, str]

STRANGERS = ("visitor", "banned")  # whose session ended with the ban
GROUPS = {
    "strangers": STRANGERS,
    "members": tuple(who for who in WHO if who not in STRANGERS),
    "staff": ("moderator", "editor", "admin"),
}


@dataclass(frozen=True)
class Row:
    """`of`: what stands in the address, one word for each way of writing it. `sends`: a form as it should be.

    `head`: where it is not answered as GET.
    """

    get: Cells = "405"
    post: Cells = "405"
    of: tuple[str, ...] = ()
    sends: Sent = field(default_factory=dict)
    head: Cells | None = None

    def cells(self, method: str, state: str) -> dict[str, str]:
        """Who is answered what."""
        return said({"GET": self.get, "HEAD": self.head or self.get, "POST": self.post}[method], state)


def said(cells: Cells, state: str) -> dict[str, str]:
    words = (
        cells
        if isinstance(cells, str)
        else next((words for states, words in cells.items() if state in states.split()), cells.get("*", ""))
    )
    everybody, *others = words.split(", ")
    found = dict.fromkeys(WHO, everybody)
    for other in others:
        who, word = other.split()
        found |= dict.fromkeys(GROUPS.get(who, (who,)), word)
    return found


def rows(names: str, of: str = "", **how: Cells | Sent) -> dict[str, Row]:
    """The same row for several URLs. Without `of` it is a text, if the last word of the name is one."""

    def kinds(name: str) -> tuple[str, ...]:
        last = name.rpartition("_")[2]
        return tuple(of.split()) or ((last,) if last in ("review", "comment") else ())

    return {name: Row(of=kinds(name), **how) for name in names.split()}  # type: ignore[arg-type]


# What is there, for everybody; for its owner; for members, and for its owner while it is hidden.
OPEN = {"existing": "200", "*": "404"}
OWN = {"existing": "login, members 404, owner 200", "*": "login, members 404"}
OWN_TEXT = {"existing hidden held": "login, members 404, owner 200", "*": "login, members 404"}
OWN_DONE = {"existing": "403, members 404, owner 302!", "*": "403, members 404"}
OWN_TEXT_DONE = {"existing hidden held": "403, members 404, owner 302!", "*": "403, members 404"}
# Visitors write first and join after: their words wait in the session.
WRITTEN = {"existing": "302~, members 302!, silenced 403, banned 403", "*": "404, silenced 403, banned 403"}
OF_SUBJECT = "series episode"

TEXT = {"body": "Words.", "spoils_through": "2", "hindsight": "2"}
REPORT = {"kind": "spam", "is_headline": "false", "note": "Look."}
NEW = "a-new-scarf-for-1984"

OURS = {
    # To read
    **rows(
        "episodes:home episodes:series_list reviews:guidelines reviews:safety reviews:moderation_log accounts:privacy"
        " webmanifest",
        get="200",
    ),
    **rows("favicon", get="302"),
    **rows("reviews:design", get="404, staff 200"),
    **rows("episodes:series", of="series", get=OPEN),
    **rows("episodes:episode episodes:recap", of="episode", get=OPEN),
    **rows("reviews:reviews", of=OF_SUBJECT, get=OPEN),
    **rows("accounts:member", of="member", get=OPEN),
    **rows("media", of="picture", get=OPEN),
    **rows("reviews:review", of="review", get={"existing": "200", "hidden held": "404, owner 200", "*": "404"}),
    **rows("reviews:comment", of="comment", get={"existing": "200", "hidden held": "404, owner 200", "*": "404"}),
    # How far one has seen
    **rows(
        "episodes:set_progress",
        of="series",
        post={"existing": "302, members 302!", "*": "404"},
        sends={"seen_through": "1"},
    ),
    **rows("episodes:undo_progress", of="series", post={"existing": "302", "*": "404"}),
    # To write
    **rows("reviews:comments", of=OF_SUBJECT, get=OPEN, post=WRITTEN, sends=TEXT),
    **rows(
        "reviews:edit_review",
        of=OF_SUBJECT,
        get=OPEN,
        post=WRITTEN,
        sends={**TEXT, "stars": "7", "headline": "A line"},
    ),
    **rows("reviews:rate", of=OF_SUBJECT, post=WRITTEN, sends={"stars": "7"}),
    **rows("reviews:rate_episodes", of="series", get=OPEN, post=WRITTEN, sends={"stars_1": "7", "stars_2": "8"}),
    **rows("reviews:answer_bonus", of="episode", get={"existing": "302", "*": "404"}, post=WRITTEN, sends=TEXT),
    **rows(
        "reviews:answer_review",
        of="review",
        get={"existing": "302", "hidden held": "404, owner 302", "*": "404"},
        # Nobody answers below what is out of sight; its author's words are kept as a draft.
        post={**WRITTEN, "hidden held": "404, owner 422!, silenced 403, banned 403"},
        sends=TEXT,
    ),
    **rows(
        "reviews:edit_comment",
        of="comment",
        get={**OWN, "hidden held": "login, members 404, owner 302"},
        post={
            "existing": "302~, members 404, owner 302!, silenced 403, banned 403",
            "hidden held": "404, owner 422!, silenced 403, banned 403",
            "*": "404, silenced 403, banned 403",
        },
        sends={**TEXT, "body": "Other words."},
    ),
    # What one has written
    **rows(
        "reviews:raise_review reviews:raise_comment",
        get=OWN_TEXT,
        post=OWN_TEXT_DONE,
        sends={"spoils_through": "2"},
    ),
    **rows("reviews:delete_review reviews:delete_comment", get=OWN_TEXT, post=OWN_TEXT_DONE),
    **rows("reviews:remove_rating", of="review", post=OWN_TEXT_DONE),
    **rows(
        "reviews:undelete_review reviews:undelete_comment",
        post={
            "existing hidden held": "403, members 404, owner 302, silenced 403",
            "deleted": "403, members 404, owner 302!, silenced 403",
            "*": "403, members 404, silenced 403",
        },
    ),
    **rows("reviews:drafts", get="login, members 200"),
    **rows("reviews:delete_draft", of="draft", get=OWN, post=OWN_DONE),
    # What others wrote
    **rows(
        "reviews:like_review reviews:like_comment",
        post={"existing": "403, members 302!, owner 302, silenced 403", "*": "403, members 404, silenced 403"},
        sends={"liked": "true"},
    ),
    **rows("reviews:peek", of=OF_SUBJECT, post={"existing": "403, members 302!", "*": "403, members 404"}),
    **rows(
        "reviews:report_review reviews:report_comment",
        get={
            "existing": "login, members 200",
            "hidden held": "login, members 404, owner 200",
            "*": "login, members 404",
        },
        post={
            "existing": "403, members 302!, owner 422",
            "hidden held": "403, members 404, owner 422",
            "*": "403, members 404",
        },
        sends=REPORT,
    ),
    **rows(
        "reviews:report_member",
        of="member",
        get={"existing": "login, members 200", "*": "login, members 404"},
        post={"existing": "403, members 302!, owner 422", "*": "403, members 404"},
        sends=REPORT,
    ),
    **rows("reviews:read_answer", of="answer", post=OWN_DONE),
    **rows("reviews:read_answers", post="403, members 302, owner 302!"),
    # What moderators did
    **rows("reviews:notifications", get="login, members 200"),
    **rows(
        "reviews:read_notifications",
        post="403, members 302, other 302!, owner 302!, silenced 302!",
        sends={"newest": "999999"},
    ),
    **rows("reviews:appeal", of="act", get=OWN, post=OWN_DONE, sends={"body": "It was kind."}),
    **rows(  # whoever holds the link, for who cannot log in
        "reviews:appeal_ban",
        of="token",
        get={"existing": "200", "*": "403"},
        post={"existing": "302!", "*": "403"},
        sends={"body": "I sold none."},
    ),
    # One's own account
    **rows(
        "accounts:settings",
        get="login, members 200",
        post="403, members 302!, silenced 403",
        sends={"display_name": "A reader", "bio": "I read.", "theme": "dark"},
    ),
    **rows("accounts:edit_avatar", get="login, members 200", post="403, members 422, silenced 403"),
    **rows("accounts:delete_avatar", post="403, members 302"),
    **rows("accounts:set_preferences", post="302, members 302!", sends={"theme": "dark"}),
    **rows("accounts:authenticator_qr", get="login, members 404"),
}

# Each member has typed their password a moment ago. Only the owner has a second factor: a passkey.
ALLAUTH = {
    **rows(
        "account_login",
        get="200, members 302",
        post="302!, members 302",
        sends={"login": "other", "password": PASSWORD},
    ),
    **rows("account_logout", get="302, members 200", post="302, members 302~, banned 302~"),
    **rows("account_inactive account_email_verification_sent", get="200"),
    **rows(
        "account_signup",
        get="200, members 302",
        post="302!, members 302",
        sends={"username": "somebody", "email": "somebody@example.com", "password1": NEW},
    ),
    **rows(
        "account_reauthenticate", get="login, members 200", post="login, members 302~", sends={"password": PASSWORD}
    ),
    **rows(
        "account_email",
        get="login, members 200",
        post="login, members 302!, owner 422",
        sends={"action_add": "", "email": "second@example.com"},
    ),
    **rows(  # it logs out whoever else is logged in there
        "account_confirm_email",
        of="confirmation",
        get={"existing": "200, members 200~, unverified 200", "*": "200"},
        post={"existing": "login!, unverified 302!", "*": "404"},
    ),
    **rows("account_confirm_login_code account_set_password", get="login, members 302", post="login, members 302"),
    **rows(
        "account_change_password",
        get="login, members 200",
        post="login, members 302!",
        sends={"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    ),
    **rows("account_reset_password", get="200", post="302!", sends={"email": "owner@example.com"}),
    **rows("account_reset_password_done account_reset_password_from_key_done", get="200"),
    **rows(  # a good key waits in the session while a new password is chosen
        "account_reset_password_from_key",
        of="reset",
        get={"existing": "302~", "*": "200"},
        post={"existing": "302~", "*": "200"},
        sends={"password1": NEW, "password2": NEW},
    ),
    **rows("mfa_index mfa_list_webauthn", get="login, members 200", post="login, members 405"),
    **rows("mfa_authenticate", get="login, members 302", post="login, members 302"),
    **rows("mfa_reauthenticate", get="login, members again", post="login, members again"),
    **rows(
        "mfa_activate_totp mfa_add_webauthn",
        get="login, members 200~, unverified 302",
        post="login~, members 422~, unverified 302",
    ),
    **rows("mfa_deactivate_totp mfa_download_recovery_codes", get="login, members 404", post="login, members 404"),
    **rows("mfa_view_recovery_codes", get="login, members 404", post="login, members 405"),
    **rows("mfa_generate_recovery_codes", get="login, members 200", post="login~, members 422, owner 302!"),
    **rows(
        "mfa_edit_webauthn mfa_remove_webauthn",
        of="passkey",
        get=OWN,
        post={"existing": "login~, members 404, owner 302!", "*": "login~, members 404"},
        sends={"name": "My key"},
    ),
    **rows(  # a HEAD is taken for an empty form there, and counted as one that failed
        "mfa_login_webauthn",
        get="200~, members 200",
        head="login~, members 302~",
        post="login~, members 302~",
    ),
    **rows(
        "mfa_reauthenticate_webauthn", get="login, members again, owner 200~", post="login, members again, owner login"
    ),
    **rows("usersessions_list", get="login, members 200", post="login, members 302"),
}

# To begin to log in with a key, and to follow a link from a mail, is to have a session; nothing else is written.
GETS_THAT_OPEN_A_SESSION = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}
# Refused, and yet something is written: their author's own words, as a draft.
REFUSALS_THAT_KEEP_WORDS = {"reviews:answer_review", "reviews:edit_comment"}


# --- The admin. Whoever is no staff is led to log in, whatever there is.

# By table: what moderators, editors and admins may: view, add, change, delete.
EDITORS_OWN = ("", "vacd", "vacd")
DESK = ("v", "", "v")
ADMINS_OWN = ("", "", "vacd")
RIGHTS = {
    **dict.fromkeys(("reviews.case", "reviews.appeal", "reviews.review", "reviews.comment"), DESK),
    "reviews.moderationaction": DESK,  # append-only for everybody
    "accounts.user": ("v", "", "vc"),
    **dict.fromkeys(("reviews.rule", "reviews.reasontemplate", "reviews.heldword"), ADMINS_OWN),
    "reviews.policy": ("", "", "vc"),  # one row, and it is there
    **{
        f"episodes.{name}": EDITORS_OWN
        for name in (
            "series episode keymoment tag person credit song kin note source watchlink pressreview".split()  # noqa: SIM905
        )
    },
    **dict.fromkeys(("episodes.progress", "django_tasks_database.dbtaskresult"), ("", "", "v")),
    **dict.fromkeys(
        ("auth.group", "account.emailaddress", "mfa.authenticator", "usersessions.usersession"), ADMINS_OWN
    ),
}
# The right that a page asks for.
PAGES = {"changelist": "v", "add": "a", "change": "v", "delete": "d", "history": "v"}
# What others refer to is not deleted: the page says by what.
REFERRED_TO = {"episodes.series", "episodes.episode", "episodes.person", "reviews.rule"}
# A form without a word in it is refused, but here it says that they may do nothing.
TAKES_AN_EMPTY_FORM = {"accounts.user"}

# Pages of acts on one row: in which states there is something to do. Moderators and admins; none on what is their
# own, and on staff only to say that nothing needs doing.
TEXT_ACTS = {
    "keep": "existing own",
    "approve": "held",
    "hide": "existing held own",
    "restore": "hidden",
    "scope": "existing hidden held own",
    "lock": "existing hidden own",
    "unlock": "held",
}
ACTS = {
    "reviews.review": {**TEXT_ACTS, "fold": "existing hidden own", "unfold": "held"},
    "reviews.comment": TEXT_ACTS,
    "accounts.user": {
        "keep": "existing own",
        **dict.fromkeys(("silence", "ban", "hide_all"), "existing sanctioned"),
        "lift": "sanctioned",
    },
}
# What the verb finds nothing to do for: the silenced is so for as long already, and has written nothing.
IDLE_ON_SANCTIONED = {"silence": "422", "hide_all": "409"}
ACT = {"reason": "Because.", "days": "1", "spoils_through": "2", "stood_at": "{scope}", "sanction": "{sanction}"}

# The same for several at once: nothing in it depends on the row.
SURE = {"reason": "Because.", "days": "1", "spoils_through": "2"}

# Its other pages. `staff`: of them only those named may.
ADMIN = {
    "admin:index": Row(get="login, staff 200", post="login, staff 200"),
    "admin:login": Row(
        get="login, members 403, staff 302",
        head="login, members 403, staff 200",  # Django leads on only whoever reads it
        post="login, members 403, staff 422",
    ),
    "admin:logout": Row(get="302, staff 405", post="302, staff 200~"),
    "admin:password_change": Row(get="login, staff 200", post="login, staff 422"),
    "admin:password_change_done": Row(get="login, staff 200", post="login, staff 405"),
    "admin:jsi18n": Row(get="login, staff 200", post="login, staff 405"),
    "admin:autocomplete": Row(get="login, staff 200, moderator 403", post="login, staff 405"),
    "admin:app_list": Row(
        of=("app",),
        get={
            "reviews accounts": "login, staff 200, editor 404",
            "episodes": "login, staff 200, moderator 404",
            "auth": "login, staff 404, admin 200",
        },
        post={
            "reviews accounts": "login, staff 200, editor 404",
            "episodes": "login, staff 200, moderator 404",
            "auth": "login, staff 404, admin 200",
        },
    ),
    "admin:view_on_site": Row(
        of=("on_site",),
        get={"existing hidden": "login, staff 302, editor 404", "*": "login, staff 404"},
        post={"existing hidden": "login, staff 302, editor 404", "*": "login, staff 404"},
    ),
    "admin:reviews_case_claim": Row(
        of=("reviews.case",),
        get="login, staff 403",
        post={
            "existing": "login, staff 302!, editor 403",
            "own": "login, staff 403, admin 302!",
            "*": "login, staff 302, editor 403",
        },
    ),
    "admin:reviews_case_release": Row(
        of=("reviews.case",),
        get="login, staff 403",
        post={"own": "login, staff 403, admin 302", "*": "login, staff 302, editor 403"},
    ),
    "admin:reviews_appeal_hear": Row(
        of=("reviews.appeal",),
        get="login, staff 302, editor 403",
        # Not whose decision it was.
        post={"existing": "login, moderator 422, editor 403, admin 302!", "*": "login, staff 302, editor 403"},
        sends={"is_granted": "no", "answer": "Because."},
    ),
    "admin:reviews_policy_raid": Row(
        get="login, staff 200, editor 403",
        post="login, staff 302!, editor 403",
        sends={"wanted": "raid", "reason": "Because."},
    ),
    "admin:reviews_moderationaction_undo": Row(
        get="login, staff 403",
        # Within ten minutes, and only whose act it was: others reverse it, with a reason.
        post="login, staff 302, editor 403, moderator 302!",
        sends={"acts": "{act}"},
    ),
    "admin:reviews_moderationaction_reverse": Row(
        of=("reviews.moderationaction",),
        get={"existing": "login, staff 200, editor 403", "*": "login, staff 403"},
        post={"existing": "login, staff 302!, editor 403", "*": "login, staff 403"},
        sends={"reason": "Because."},
    ),
}


def of_table(page: str, label: str) -> Row:
    """The row of a page that every table has, by the rights to it."""
    shows, right = dict(zip(GROUPS["staff"], RIGHTS[label], strict=True)), PAGES[page]
    done = {"delete": "200" if label in REFERRED_TO else "302!"}.get(page, "200")
    if page == "change" and label in TAKES_AN_EMPTY_FORM:
        done = "302!"
    asks = {"change": "c"}.get(page, right)

    def cells(right: str, word: str) -> str:
        return ", ".join(["login", *(f"{who} {word if right in may else '403'}" for who, may in shows.items())])

    if page in ("changelist", "add"):
        return Row(get=cells(right, "200"), post=cells(asks, done))
    sends = {"post": "yes"} if page == "delete" else {}
    gets = {"missing": cells(right, "302"), "*": cells(right, "200")}
    posts = {"missing": cells(asks, "302"), "*": cells(asks, done)}
    if label == "accounts.user" and page == "history":
        gets = posts = {
            key: words.replace("moderator 200", "moderator 403").replace("moderator 302", "moderator 403")
            for key, words in gets.items()
        }
    return Row(of=(label,), get=gets, post=posts, sends=sends)


def of_act(name: str, label: str) -> Row:
    """The row of a page that acts on one row of a table, or of `desk`, which leads to its case."""
    gone = "login, staff 302, editor 403"
    if name == "desk":
        return Row(of=(label,), get=gone, post=gone)
    states = ACTS[label][name].split()
    has_work, late = " ".join(set(states) - {"own"}), "login, staff 409, editor 403"
    # The moderator's own; an admin may decide about it.
    gets = {"own": "login, staff 403, admin 200" if "own" in states else "login, staff 403, admin 302"}
    posts = {"own": "login, staff 403, admin 302!" if "own" in states else "login, staff 403, admin 409"}
    if label == "accounts.user" and name != "keep":
        gets = {"own staff": "login, staff 403"}
        idle = IDLE_ON_SANCTIONED.get(name)
        posts = {**gets, **({"sanctioned": f"login, staff {idle}, editor 403"} if idle else {})}
    return Row(
        of=(label,),
        get={**gets, has_work: "login, staff 200, editor 403", "*": gone},
        post={**posts, has_work: "login, staff 302!, editor 403", "missing": gone, "*": late},
        sends=ACT,
    )


# Actions on many rows: who may. An action that is not here fails the test.
MODERATE = frozenset({"moderator", "admin"})
BY_EDITORS, BY_ADMIN, BY_NOBODY = frozenset({"editor", "admin"}), frozenset({"admin"}), frozenset[str]()
TEXT_ACTIONS = dict.fromkeys(
    [*(f"{name}_selected" for name in ("keep", "hide", "restore", "approve", "raise", "lock", "unlock"))], MODERATE
)
ACTIONS = {
    "reviews.case": dict.fromkeys(
        [f"{name}_selected" for name in ("claim", "release", "keep", "hide", "lock")], MODERATE
    ),
    "reviews.review": TEXT_ACTIONS,
    "reviews.comment": TEXT_ACTIONS,
    "accounts.user": {
        **dict.fromkeys([f"{name}_selected" for name in ("silence", "ban", "hide_all")], MODERATE),
        "take_pictures_away": BY_ADMIN,
    },
    "account.emailaddress": {"make_verified": BY_ADMIN},
}


def with_work(label: str, action: str) -> str:
    """The state in which this action has something to do."""
    acts = {**ACTS.get(label, {}), "raise": "existing"}
    return acts.get(action.removesuffix("_selected"), "existing").split()[0]


def actions_of(label: str) -> dict[str, frozenset[str]]:
    """Those of one table, and whoever may delete may delete many."""
    may = frozenset(who for who, rights in zip(GROUPS["staff"], RIGHTS[label], strict=True) if "d" in rights)
    return {"delete_selected": may, **ACTIONS.get(label, {})}
