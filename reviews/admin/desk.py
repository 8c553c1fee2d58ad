"""What all pages of the desk share: nobody edits or deletes, acts ask for a reason, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.admin.act import Act, ReasonForm, Values, is_own, newest
from reviews.admin.filters import state_of
from reviews.admin.reading import Reading, Words
from reviews.models import Case, ModerationAction, Text
from soundtrack_site.forms import errors_on, posted

MOST_AT_ONCE = 100  # rows in one bulk act


def moderator_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value] # the admin lets no stranger in


def page_of(target: Any) -> str:
    """Where the desk shows a text or a member."""
    meta = target._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[target.pk])


def case_or_page_of(target: Any) -> str:
    """The same, but for the case that waits for a decision about it."""
    meta = target._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_desk", args=[target.pk])


def undo_button(made: Iterable[ModerationAction]) -> str:
    """Nothing where none can be taken back. It belongs to the form in `admin/base_site.html`."""
    keys = [str(one.pk) for one in made if one.can_undo]
    if not keys:
        return ""
    button = '<button type="submit" form="undo" formaction="{}" name="acts" value="{}">{}</button>'
    return format_html(button, reverse("admin:reviews_moderationaction_undo"), ".".join(keys), _("Undo"))


def made_since(mark: int, by: User, targets: list[Any]) -> list[ModerationAction]:
    """What they have done to these since then. One query, however many."""
    about = Q(pk=None)
    for name in ("review", "comment", "member"):
        about |= Q(**{f"{name}__in": [target.pk for target in targets if column_of(target) == name]})
    acts = ModerationAction.objects.filter(about, actor=by, pk__gt=mark)
    return list(acts.select_related("undone_by"))


def column_of(target: Any) -> str:
    """By which the log and cases name it."""
    return "member" if isinstance(target, User) else str(target._meta.model_name)


def is_second_press(by: User, act: ModerationAction | None, reason: str | None) -> bool:
    """The same button twice: it is done, and nothing that was typed is lost."""
    return act is not None and act.actor_id == by.pk and act.reason == reason and act.can_undo


def may_decide(user: Any, act: ModerationAction) -> bool:
    """Whether somebody may do to the same what this act did. Nobody judges what was done to themselves."""
    if act.suffered_by == user.pk:
        return False
    if act.review_id or act.comment_id:
        return bool(user.has_perm(f"reviews.moderate_{'review' if act.review_id else 'comment'}"))
    return bool(user.has_perm("accounts.add_sanction" if act.member_id else "reviews.decide_case"))


def say(request: HttpRequest, done: str, made: Iterable[ModerationAction]) -> None:
    """Tell the moderator what they have done, with the way back for as long as there is one."""
    messages.success(request, format_html("{} {}", done, undo_button(made)))


@dataclass(frozen=True)
class Entry:
    """One text of a thread, as the page of another shows it; or a member, who has no words to show."""

    text: Any
    words: Words | None

    @property
    def is_member(self) -> bool:
        return isinstance(self.text, User)

    @property
    def state(self) -> Promise:
        return state_of(self.text)

    @property
    def url(self) -> str:
        return page_of(self.text)


def bulk(act: Act) -> Callable[..., HttpResponse | None]:
    """The same for all that are selected on a list, with one reason."""

    @admin.action(description=act.bulk_title, permissions=["moderate"])
    def selected(on: ActingAdmin, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return on.moderate_selected(request, rows, act)

    selected.__name__ = f"{act.name}_selected"
    return selected


class AskedAdmin(admin.ModelAdmin):
    """`askable`: what its list may be asked about in an address; all else could be the words."""

    is_desk = True  # opens in no window of another page, see `Site`
    askable: ClassVar[frozenset[str]] = frozenset()
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup.split("__")[0] in self.askable and super().lookup_allowed(lookup, value, request)


class DeskAdmin(AskedAdmin):
    """A page to be read."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Named by what it shows, not by what could be done with it."""
        if context.get("subtitle"):
            context.update(title=context["subtitle"], subtitle=None)
        return super().render_change_form(request, context, *args, **kwargs)


class ActingAdmin(DeskAdmin):
    """Find, read, act with a reason. `acts`: on one, each a page; `bulk_acts`: on all that are selected."""

    acts: ClassVar[tuple[Act, ...]] = ()
    in_case: ClassVar[str] = ""  # the column of a case that names it
    missing: ClassVar[Any] = _("There is no such text.")

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def target_of(self, row: Any) -> Any:
        """The text or member that a row is about."""
        return row

    def entries(self, request: HttpRequest, targets: list[Any]) -> list[Entry]:
        reading = Reading(request)
        return [Entry(target, reading.words(target) if isinstance(target, Text) else None) for target in targets]

    def act_url(self, act: Act, target: Any) -> str:
        meta = target._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{act.name}", args=[target.pk])

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        ways = [
            path(
                f"<int:object_id>/{act.name}/",
                self.admin_site.admin_view(partial(self.moderate_one, act=act)),
                name=f"{name}_{act.name}",
            )
            for act in self.acts
        ]
        if self.in_case:
            ways.append(path("<int:object_id>/desk/", self.admin_site.admin_view(self.to_case), name=f"{name}_desk"))
        return [*ways, *super().get_urls()]

    def to_case(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Where the staff's pencil on the site leads: to the case that waits, else to what it is about."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        cases = Case.objects.waiting().filter(**{self.in_case: object_id})
        if request.user.has_perm("reviews.view_case") and (case := cases.first()):
            return HttpResponseRedirect(reverse("admin:reviews_case_change", args=[case.pk]))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[object_id]))

    # One

    def moderate_one(self, request: HttpRequest, object_id: int, act: Act) -> HttpResponse:
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        target = self.get_object(request, str(object_id))
        if target is None:
            self.message_user(request, self.missing, messages.WARNING)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        if not act.may(moderator_of(request), target):
            raise PermissionDenied
        back, is_due = self.come_from(request, target), act.awaits(target)
        if not is_due and request.method != "POST":
            self.report(request, act, [])
            return HttpResponseRedirect(back)
        form = act.form(posted(request), request.viewer, [target])  # type: ignore[attr-defined] # see ViewerRequest
        if form.is_valid():
            made = self.act_on_one(request, act, target, form) if is_due else []
            if made or self.is_repeated(request, target, form):
                self.report(request, act, made)
                return HttpResponseRedirect(back)
            target = self.get_object(request, str(object_id))
            form.look_at(target)
        if not is_due:
            form.come_late()
        return self.ask_reason(request, act, [target], form, back=back)

    def act_on_one(self, request: HttpRequest, act: Act, target: Any, form: ReasonForm) -> list[ModerationAction]:
        """What it left in the log; nothing where the verb refused, or another was faster: the form says so."""
        mark, by = newest(), moderator_of(request)
        made: list[ModerationAction] = []
        with errors_on(form):
            form.check_seen(target, by)
            made = made_since(mark, by, [target]) if act.do(target, by, form.cleaned_data) else []
            if not made:
                form.come_late()
        return made

    def is_repeated(self, request: HttpRequest, target: Any, form: ReasonForm) -> bool:
        last = ModerationAction.objects.about(target).first()
        return is_second_press(moderator_of(request), last, form.said)

    def come_from(self, request: HttpRequest, target: Any) -> str:
        """The way back: to the case that the moderator came from, or the page of what they act upon.

        A case about the target says whether it is about the headline.
        """
        key = request.GET.get("case", "")
        is_key = key.isascii() and key.isdecimal() and len(key) < 18
        case = Case.objects.filter(pk=int(key)).first() if is_key else None
        if case is None or not request.user.has_perm("reviews.view_case"):
            return page_of(target)
        if getattr(case, f"{column_of(target)}_id") == target.pk:
            target.judged_parts = (case.is_headline,)
        return page_of(case)

    # Several

    def moderate_selected(self, request: HttpRequest, rows: QuerySet[Any], act: Act) -> HttpResponse | None:
        """The list sends the selection here, and so does the page that asked for the reason."""
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            too_many = _("At most %(most)d at a time.") % {"most": MOST_AT_ONCE}
            self.message_user(request, too_many, messages.ERROR)
            return None
        others = self.leave_own(request, self.targets_of(request, chosen))
        try:
            act.check(others)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return None
        targets = act.awaiting(others)
        data = request.POST if "confirmed" in request.POST else None
        if not targets and data is None:
            self.report(request, act, [])
            return None
        # Where nothing is left there is nothing to choose for it either.
        form = act.form(data, request.viewer, targets) if targets else ReasonForm(data)  # type: ignore[attr-defined]
        if form.is_valid():
            made = self.act_on(request, act, targets, form.cleaned_data)
            if made or (others and self.is_repeated(request, others[0], form)):
                self.report(request, act, made)
                return None
            form.come_late()
        back, keys = request.get_full_path(), [row.pk for row in chosen]
        return self.ask_reason(request, act, targets, form, back=back, action=f"{act.name}_selected", keys=keys)

    def leave_own(self, request: HttpRequest, targets: list[Any]) -> list[Any]:
        """All but what is the moderator's own, or themselves: they are told."""
        others = [target for target in targets if not is_own(target, request.user)]
        if len(others) < len(targets):
            left = _("What is about you, or by you, is left for somebody else to decide.")
            self.message_user(request, left, messages.WARNING)
        return others

    def targets_of(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        return rows

    def act_on(self, request: HttpRequest, act: Act, targets: list[Any], values: Values) -> list[ModerationAction]:
        """Each by its own verb, in its own transaction; one that is gone meanwhile keeps none back."""
        mark, done = newest(), []
        for target in targets:
            try:
                if act.do(target, moderator_of(request), values):
                    done.append(target)
            except ValidationError as refusal:
                self.message_user(request, f"{target}: {' '.join(refusal.messages)}", messages.WARNING)
        return made_since(mark, moderator_of(request), done) if done else []

    # Saying and asking

    def report(self, request: HttpRequest, act: Act, made: list[ModerationAction]) -> None:
        if made:
            count = len({(one.review_id, one.comment_id, one.member_id) for one in made})
            say(request, act.done % count, made)
        else:
            self.message_user(request, _("Nothing was left to do."), messages.INFO)

    def ask_reason(
        self,
        request: HttpRequest,
        act: Act,
        targets: list[Any],
        form: ReasonForm,
        back: str,
        action: str | None = None,
        keys: list[Any] | None = None,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": act.title_for(targets[0]) if len(targets) == 1 else act.title,
            "opts": self.opts,
            "act": act,
            "entries": self.entries(request, targets),
            "form": form,
            "back": back,
            "action": action,
            "keys": keys or [],
        }
        return TemplateResponse(request, "admin/reviews/moderate.html", context, status=form.status)
