"""People."""

from accounts.models.sanction import Sanction
from accounts.models.user import User

__all__ = ["Sanction", "User"]
