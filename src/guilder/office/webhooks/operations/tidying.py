"""Forgetting: what was delivered long ago goes; the events themselves stay."""

from datetime import datetime
from uuid import UUID

from django.db import connections

from guilder.foundation.tenancy.transaction import transaction

AT_ONCE = 5_000
OLD = """
SELECT id FROM webhooks_delivery
WHERE organization_id = %(of)s AND state <> 'waiting' AND finished_at < %(before)s
ORDER BY id LIMIT %(most)s
"""
FORGET = (
    "DELETE FROM webhooks_attempt WHERE organization_id = %(of)s AND delivery_id = ANY(%(ids)s)",
    "DELETE FROM webhooks_delivery WHERE organization_id = %(of)s AND id = ANY(%(ids)s)",
)
UNWANTED = """
DELETE FROM webhooks_message m WHERE m.organization_id = %(of)s AND m.created_at < %(before)s
  AND NOT EXISTS (SELECT FROM webhooks_delivery d
    WHERE d.organization_id = m.organization_id AND d.message_id = m.id)
"""


def forget_old(organization_id: UUID, *, before: datetime) -> int:
    """Drop deliveries that ended before an instant, and messages that nobody waits for; gives how
    many deliveries went."""
    count = 0
    while True:
        with transaction(organization_id), connections["default"].cursor() as cursor:
            told = {"of": organization_id, "before": before, "most": AT_ONCE}
            cursor.execute(OLD, told)
            ids = [row[0] for row in cursor.fetchall()]
            for statement in FORGET:
                cursor.execute(statement, {"of": organization_id, "ids": ids})
            if len(ids) < AT_ONCE:
                cursor.execute(UNWANTED, told)
                return count + len(ids)
        count += len(ids)
