"""A log line for people, and the same for machines."""

import json
import logging
import sys

from guilder.config import logs


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.getLogger("guilder.test").makeRecord(
        "guilder.test", logging.WARNING, "file.py", 1, message, ("three",), None, extra=extra
    )
    made.created = 1_800_000_000.25  # 2027-01-15T08:00:00.25Z
    return made


def test_a_line_for_people_says_when_who_how_bad_and_what() -> None:
    line = logs.Text().format(record("sent %s", invoice="INV-1"))

    assert "guilder   warning  sent three  invoice=INV-1" in line
    assert "\n" not in line


def test_a_line_for_machines_is_one_json_object() -> None:
    told = json.loads(logs.Json().format(record("sent %s", invoice="INV-1", request=object())))

    assert told["at"] == "2027-01-15T08:00:00.250000Z"
    assert (told["level"], told["message"], told["invoice"]) == ("warning", "sent three", "INV-1")
    assert "request" not in told


def test_an_error_carries_its_traceback() -> None:
    made = record("failed %s")
    try:
        raise ValueError("of this")
    except ValueError:
        made.exc_info = sys.exc_info()

    assert "ValueError: of this" in json.loads(logs.Json().format(made))["traceback"]
    assert "ValueError: of this" in logs.Text().format(made)


def test_the_form_is_chosen_by_a_setting() -> None:
    def chosen(**environment: str) -> str:
        return logs.configuration(environment)["formatters"]["line"]["()"]

    assert chosen().endswith("Text")
    assert chosen(GUILDER_LOG_FORMAT="json").endswith("Json")
