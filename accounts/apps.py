from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts.groups import keep_groups_in_step

        # A migration runs before its permissions exist, so groups are filled once they do.
        post_migrate.connect(keep_groups_in_step, dispatch_uid="accounts.groups")
