"""Whether there is a demo, and which tables hold what belongs to one organization."""

from uuid import UUID

from django.apps import apps

from guilder.foundation.identity import queries as identities


def demo_organization() -> UUID | None:
    """The id of the demo organization, if there is one."""
    return identities.organizations().filter(is_demo=True).values_list("id", flat=True).first()


def shown_demo(user_id: UUID) -> UUID | None:
    """The demo organization once the user is among its people."""
    of = identities.memberships_of(user_id)
    return next((one.organization_id for one in of if one.is_demo), None)


def tables_of_organizations() -> list[tuple[str, str]]:
    """(table, its column) of everything that belongs to one organization each, upper floors first.

    Rooms are installed floor by floor, so what refers comes before what is referred to.
    """
    found: list[tuple[str, str]] = []
    for model in reversed(list(apps.get_models(include_auto_created=True))):
        for field in model._meta.concrete_fields:
            if field.column == "organization_id":
                found.append((model._meta.db_table, field.column))
    return found
