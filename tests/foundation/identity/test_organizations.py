"""Organizations are made whole, members come and go, and somebody always holds the keys."""

from typing import Any

import pytest

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed
from tests.foundation.conftest import PASSWORD


def member(by: Actor, role: str) -> Actor:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries

    user = identity.create_user(email=f"{uuid7()}@guilder.example", password=PASSWORD)
    identity.add_member(by=by, email=user.email, role=role)
    return queries.actor_for(user.id, by.organization_id, source="web")


def actions(by: Actor) -> list[str]:
    from guilder.foundation.audit.queries import list_entries

    return [entry.action for entry in list_entries(by.organization_id)][::-1]


def told(by: Actor) -> list[str]:
    from guilder.foundation.events.queries import list_events

    return [event.type for event in list_events(by.organization_id)][::-1]


def test_a_new_organization_has_its_owner_as_admin_and_says_so(ada: Actor) -> None:
    from guilder.foundation.identity import queries

    assert ada.role == "admin"
    assert actions(ada) == ["organization.create"]
    assert told(ada) == ["organization.created"]
    [mine] = queries.memberships_of(ada.user_id)
    assert (mine.organization_id, mine.role) == (ada.organization_id, "admin")


def test_every_fault_of_an_organization_is_told(db: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.organizations import BadOrganization

    user = identity.create_user(email=f"{uuid7()}@guilder.example", password=None)

    with pytest.raises(BadOrganization) as refused:
        identity.create_organization(
            name=" ", country="Germany", base_currency="EURO", owner=user, time_zone="Mars",
            language="tlh", tax_rounding="never",
        )  # fmt: skip

    assert {problem.pointer for problem in refused.value.problems} == {
        "/name", "/country", "/base_currency", "/time_zone", "/language", "/tax_rounding",
    }  # fmt: skip


def test_every_fault_of_a_user_is_told(db: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.users import BadUser

    with pytest.raises(BadUser) as refused:
        identity.create_user(
            email="nonsense", password="123", name="x" * 201, language="tlh", time_zone="Mars"
        )

    pointers = {problem.pointer for problem in refused.value.problems}
    assert pointers == {"/email", "/password", "/name", "/language", "/time_zone"}


def test_a_mail_address_belongs_to_one_user_whatever_its_case(ada: Actor, email_of: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.users import EmailTaken

    with pytest.raises(EmailTaken):
        identity.create_user(email=email_of(ada).upper(), password=PASSWORD)


def test_users_change_their_own_data_only_where_they_may(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.models import User

    identity.update_user(ada.user_id, data={"name": " Ada L. ", "is_operator": True, "email": "x"})

    user = User.objects.get(id=ada.user_id)
    assert (user.name, user.is_operator) == ("Ada L.", False)
    assert user.email != "x"


def test_a_member_has_what_the_role_holds(ada: Actor) -> None:
    from guilder.foundation.identity.permissions import permissions_of

    bob = member(ada, "agent")

    assert bob.permissions == permissions_of("agent")
    assert bob.row_rule == "assigned"
    assert told(ada)[-1] == "member.added"
    assert actions(ada)[-1] == "member.add"


def test_a_changed_role_holds_at_once(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries

    bob = member(ada, "agent")

    identity.change_role(bob.user_id, by=ada, role="accountant")

    now = queries.actor_for(bob.user_id, ada.organization_id, source="web")
    assert now.may("invoice.issue")
    assert not bob.may("invoice.issue")
    assert told(ada)[-1] == "member.role_changed"


def test_a_removed_member_is_out_and_may_come_back(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries

    bob = member(ada, "agent")
    identity.remove_member(bob.user_id, by=ada)

    with pytest.raises(queries.NoSuchMember):
        queries.actor_for(bob.user_id, ada.organization_id, source="web")
    with pytest.raises(queries.NoSuchMember):
        identity.change_role(bob.user_id, by=ada, role="viewer")
    identity.add_member(by=ada, user_id=bob.user_id, role="viewer")
    back = queries.actor_for(bob.user_id, ada.organization_id, source="web")
    assert back.role == "viewer"


def test_the_last_admin_stays(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.organizations import LastAdmin

    member(ada, "manager")

    with pytest.raises(LastAdmin):
        identity.remove_member(ada.user_id, by=ada)
    with pytest.raises(LastAdmin):
        identity.change_role(ada.user_id, by=ada, role="manager")
    other = member(ada, "admin")
    identity.change_role(ada.user_id, by=other, role="manager")


def test_two_admins_who_remove_each_other_leave_one(ada: Actor, in_threads: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.models import Membership

    pair = [ada, member(ada, "admin")]

    in_threads(lambda n: identity.remove_member(pair[1 - n].user_id, by=pair[n]), 2)

    admins = Membership.objects.filter(
        organization_id=ada.organization_id, role="admin", is_active=True
    )
    assert admins.count() == 1


@pytest.mark.parametrize("role", ["manager", "accountant", "agent", "viewer", "client"])
def test_only_admins_change_members_settings_and_keys(ada: Actor, role: str) -> None:
    from guilder.foundation.identity import operations as identity

    bob = member(ada, role)

    for attempt in (
        lambda: identity.add_member(by=bob, user_id=bob.user_id, role="admin"),
        lambda: identity.change_role(bob.user_id, by=bob, role="admin"),
        lambda: identity.remove_member(ada.user_id, by=bob),
        lambda: identity.update_organization(by=bob, data={"name": "Mine"}),
        lambda: identity.create_api_key(by=bob, name="key"),
        lambda: identity.revoke_api_key(uuid7(), by=bob),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_members_of_others_are_out_of_reach(founded: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.queries import NoSuchMember

    ada, eve = founded("Ada"), founded("Eve")
    bob = member(ada, "agent")

    with pytest.raises(NoSuchMember):
        identity.change_role(bob.user_id, by=eve, role="admin")
    with pytest.raises(NoSuchMember):
        identity.remove_member(bob.user_id, by=eve)


def test_unknown_roles_are_refused(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.organizations import UnknownRole

    with pytest.raises(UnknownRole):
        identity.add_member(by=ada, user_id=ada.user_id, role="root")


def test_settings_change_unless_somebody_was_faster(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.organizations import (
        BadOrganization,
        ChangedMeanwhile,
    )

    changed = identity.update_organization(by=ada, data={"name": "New", "country": "FR"}, version=1)

    assert (changed.name, changed.country, changed.version) == ("New", "DE", 2)
    with pytest.raises(ChangedMeanwhile):
        identity.update_organization(by=ada, data={"name": "Newer"}, version=1)
    with pytest.raises(BadOrganization):
        identity.update_organization(by=ada, data={"time_zone": "Mars"})
    assert actions(ada)[-1] == "organization.update"


def test_the_system_may_all_in_one_organization(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.permissions import ALL

    system = identity.system_actor(ada.organization_id, source="job")

    assert (system.organization_id, system.permissions) == (ada.organization_id, ALL)
    assert (system.user_id, system.source) == (None, "job")
