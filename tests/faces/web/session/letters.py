"""The mails of accounts in tests: jobs that a request queued, run against a real mail server."""

import re
from typing import Any

from django.db import connections

from guilder.faces.web.session import tasks


def jobs_since(last: int) -> list[tuple[int, str, dict[str, Any]]]:
    """(id, name, arguments) of the account mails that were queued after job `last`."""
    import json

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args::text FROM procrastinate_jobs "
            "WHERE id > %s AND task_name LIKE 'session.mail_%%' ORDER BY id",
            [last],
        )
        return [(row[0], row[1], json.loads(row[2])) for row in cursor.fetchall()]


def last_job() -> int:
    """The newest job there is."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        return cursor.fetchone()[0]  # type: ignore[index]


def run(jobs: list[tuple[int, str, dict[str, Any]]]) -> None:
    """Do what a worker would."""
    for _, name, arguments in jobs:
        getattr(tasks, name.removeprefix("session."))(**arguments)


def text_of(received: Any) -> str:
    """The plain text of a mail."""
    return received.message.get_body(("plain",)).get_content()


def link_in(received: Any, kind: str) -> str:
    """The path of the link in a mail."""
    text = text_of(received)
    found = re.search(rf"https?://[^/\s]+(/{kind}/[^\s]+)", text)
    assert found, text
    return found[1]
