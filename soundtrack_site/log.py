"""How the log tells of what went wrong: ours in full, a stranger's in one line."""

from __future__ import annotations

import copy
import logging


class LineFormatter(logging.Formatter):
    """An answer of 4xx is its sender's mistake: one warning, without the traceback that anybody could order by the
    thousand. A filter on Django's loggers would hear nothing of `django.security.*`, whose records come from below.
    """

    def format(self, record: logging.LogRecord) -> str:
        if not 400 <= getattr(record, "status_code", 0) < 500:
            return super().format(record)
        line = copy.copy(record)
        line.levelno, line.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        line.exc_info = line.exc_text = line.stack_info = None
        line.msg, line.args = " ".join(record.getMessage().split()), ()  # what they sent may hold line ends
        return super().format(line)
