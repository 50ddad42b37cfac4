"""Keeping what a person chose."""

from datetime import datetime
from typing import Any

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.desk.models import Preference
from guilder.office.desk.queries import require_person

LONGEST = 80


def set_preference(key: str, value: Any, *, by: Actor, at: datetime) -> None:
    """Keep a choice of this person (JSON); None forgets it. Nobody else is told of it."""
    user_id = require_person(by)
    name = key[:LONGEST]
    with transaction(by.organization_id):
        if value is None:
            Preference.objects.of(by.organization_id).filter(user_id=user_id, key=name).delete()
            return
        Preference.objects.update_or_create(
            organization_id=by.organization_id,
            user_id=user_id,
            key=name,
            defaults={"value": value, "updated_at": at},
        )
