"""How every process logs: one readable line, or one JSON object, for each thing that happens."""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any

from guilder.config.redaction import on_one_line, redacted, visible

# What logging puts on every record; all else came by `extra` and is part of the message.
PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
COLOURS = {"WARNING": "33", "ERROR": "31", "CRITICAL": "31;1"}


def configuration(environment: "os._Environ[str] | dict[str, str]" = os.environ) -> dict[str, Any]:
    """A logging.config dictionary: GUILDER_LOG_FORMAT text|json, GUILDER_LOG_LEVEL info and so on.

    Everything goes to standard error; standard output is for results.
    """
    form = environment.get("GUILDER_LOG_FORMAT", "text").lower()
    level = environment.get("GUILDER_LOG_LEVEL", "INFO").upper()
    formatter = f"{__name__}.{'Json' if form == 'json' else 'Text'}"
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "_granian": {"level": "ERROR", "propagate": True},
            "granian.access": {"level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "procrastinate": quiet if level == "INFO" else {"level": level},
            "fontTools": quiet,
            "pikepdf": quiet,
        },
    }


class Text(logging.Formatter):
    """`12:30:01 web      warning  message  key=value`, coloured on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback below it when there is one."""
        at = datetime.fromtimestamp(record.created).astimezone()
        more = "".join(f"  {name}={value}" for name, value in extras(record).items())
        said = on_one_line(redacted(record.getMessage() + more))
        level = record.levelname.lower()
        if self.colour and (colour := COLOURS.get(record.levelname)):
            level = f"\x1b[{colour}m{level}\x1b[0m"
        line = f"{at:%H:%M:%S} {service():9} {level:7}  {said}"
        if record.exc_info:
            line += "\n" + visible(redacted(self.formatException(record.exc_info)))
        return line


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a JSON object; `at` is UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        told: dict[str, Any] = {
            "at": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
            "level": record.levelname.lower(),
            "service": service(),
            "process": record.process,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **{name: plain(value) for name, value in extras(record).items()},
        }
        if record.exc_info:
            told["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(told, default=str, ensure_ascii=False)


def extras(record: logging.LogRecord) -> dict[str, Any]:
    """What a caller added by `extra`; requests and such objects stay out."""
    return {
        name: value
        for name, value in vars(record).items()
        if name not in PLAIN and isinstance(value, str | int | bool | None.__class__)
    }


def plain(value: Any) -> Any:
    """A value without secrets."""
    return redacted(value) if isinstance(value, str) else value


def service() -> str:
    """Which of Guilder's processes this is."""
    return os.environ.get("GUILDER_SERVICE", "guilder")
