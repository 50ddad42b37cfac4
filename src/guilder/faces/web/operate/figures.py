"""What an operator looks at: organizations, people, jobs, the clock, mails that failed, room."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import F

from guilder.foundation.identity.models import Organization, User
from guilder.foundation.jobs import queue
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.dispatch import queries as mails

MOST = 200  # organizations and people on the page
BACKUPS = ("*.guilder", "*.tar", "*.tar.zst", "*.zip", "*.dump")

ORGANIZATIONS = """
SELECT o.id, o.name, o.country, o.is_demo, o.created_at, count(m.id) FILTER (WHERE m.is_active)
FROM identity_organization o LEFT JOIN identity_membership m ON m.organization_id = o.id
GROUP BY o.id ORDER BY o.created_at DESC, o.id LIMIT %s
"""
SIZE = (
    "SELECT pg_database_size(current_database()), current_setting('server_version'), "
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()), "
    "current_setting('max_connections')::int"
)


def organizations() -> list[SimpleNamespace]:
    """The newest organizations: people, and mails that failed."""
    with connections["default"].cursor() as cursor:
        cursor.execute(ORGANIZATIONS, [MOST])
        rows = cursor.fetchall()
    return [
        SimpleNamespace(
            id=id_, name=name, country=country, is_demo=is_demo, created_at=created_at,
            people=people, failed_mails=failed_mails(id_),
        )
        for id_, name, country, is_demo, created_at, people in rows
    ]  # fmt: skip


def failed_mails(organization_id: Any) -> int:
    """How many mails of an organization nobody has got."""
    with transaction(organization_id):
        return mails.failed_count(organization_id)


def people() -> list[SimpleNamespace]:
    """Who was here last."""
    rows = User.objects.order_by(F("last_login").desc(nulls_last=True), "email")[:MOST]
    return [
        SimpleNamespace(
            name=row.name or row.email, email=row.email, last_login=row.last_login,
            is_active=row.is_active, is_operator=row.is_operator,
        )
        for row in rows
    ]  # fmt: skip


def counts() -> SimpleNamespace:
    """How many organizations and people there are."""
    return SimpleNamespace(
        organizations=Organization.objects.count(),
        users=User.objects.filter(is_active=True).count(),
    )


def parked() -> list[SimpleNamespace]:
    """Jobs that failed for good."""
    return [
        SimpleNamespace(id=one.id, task=one.task, problem=one.problem, at=one.at)
        for one in queue.parked(limit=50)
    ]


def room() -> SimpleNamespace:
    """The disk, the database and the newest backup."""
    disk = shutil.disk_usage(settings.HOME)
    with connections["default"].cursor() as cursor:
        cursor.execute(SIZE)
        size, version, sessions, most = cursor.fetchone()  # type: ignore[misc]
    newest = max(backups(), default=None)
    return SimpleNamespace(
        free=gigabytes(disk.free),
        total=gigabytes(disk.total),
        is_low=disk.free < 2 * 2**30,
        database=size_words(size),
        version=version,
        sessions=sessions,
        most=most,
        backup_at=datetime.fromtimestamp(newest, UTC) if newest else None,
    )


def backups() -> Iterator[float]:
    """When each backup that lies in the usual place was written."""
    folder = Path(settings.HOME) / "backups"
    for pattern in BACKUPS:
        for path in folder.glob(pattern):
            yield path.stat().st_mtime


def size_words(size: int) -> str:
    """Bytes with their unit: 870 MB, 12.3 GB."""
    return f"{gigabytes(size)} GB" if size >= 2**30 else f"{size // 2**20} MB"


def gigabytes(size: int) -> str:
    """Bytes as people say them: 12.3."""
    return f"{size * 10 // 2**30 // 10}.{size * 10 // 2**30 % 10}"
