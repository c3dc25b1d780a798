"""What gunicorn reads by itself when it starts in this folder: its logs hide tokens (B-08)."""

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger

from csm.kit.secrecy import Formatter


class HidingLogger(Logger):  # type: ignore[misc]
    """gunicorn's own, whatever file or stream it was told to write to."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                known = handler.formatter or logging.Formatter()
                handler.setFormatter(Formatter(known._fmt, known.datefmt))


logger_class = HidingLogger
