"""Narrower than the organization: what agents, teams, own roles and clients reach over every door."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.books.invoicing.queries.owners import owners_of
from guilder.books.payments import queries as payments
from guilder.books.payments.queries.listing import PaymentFilter, payment_figures
from guilder.faces.web.live import reading
from guilder.foundation.events import queries as events
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.operations.keys import MoreThanOwn
from guilder.foundation.identity.operations.roles import BadRole
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.office.search import operations as indexing
from guilder.office.search import queries as search
from guilder.office.search.queries import Asked
from guilder.registers.parties import operations as parties
from tests import make
from tests.faces.rest.speaking import Speaker
from tests.make import NOW, TODAY, World


@dataclass
class Scene:
    """Two clients of alice's; bob looks after the first. Amounts: 119.00 each."""

    world: World
    seen: Any  # issued to the client that bob looks after
    seen_draft: Any
    hidden: Any  # issued to the other one
    hidden_draft: Any
    payment: Any
    hidden_payment: Any


@pytest.fixture
def scene(world: World) -> Scene:
    one, two = make.client(world.alice, name="Assigned AG"), make.client(world.alice, name="Other")
    parties.assign_clients(world.bob.user_id, by=world.alice, partner_ids=[one.id], at=NOW)
    seen = make.issued_invoice(world.alice, client_id=one.id)
    hidden = make.issued_invoice(world.alice, client_id=two.id)
    return Scene(
        world,
        seen,
        make.draft(world.alice, client_id=one.id),
        hidden,
        make.draft(world.alice, client_id=two.id),
        make.payment(world.alice, seen, "19.00"),
        make.payment(world.alice, hidden, "19.00"),
    )


def member(world: World, role: str) -> Actor:
    """A further member with a built-in role or one of the organization's, by id."""
    n = next(make._counter)
    user = identity.create_user(
        email=f"m{n}-{world.organization.hex[:10]}@guilder.example", password=make.PASSWORD,
        name=f"Member {n}",
    )  # fmt: skip
    identity.add_member(by=world.alice, user_id=user.id, role="viewer")
    identity.set_role(user.id, by=world.alice, role=role)
    return identities.actor_for(user.id, world.organization, source="web")


def own_role(world: World, row_rule: str, *permissions: str) -> Actor:
    """Somebody with a role of the organization's own."""
    role = identity.create_role(
        by=world.alice, name=f"Own {next(make._counter)}", based_on="agent",
        permissions=permissions, row_rule=row_rule,
    )  # fmt: skip
    return member(world, str(role.id))


def listed(by: Actor) -> set[UUID]:
    found = invoices.list_invoices(invoices.InvoiceFilter(today=TODAY), by=by)
    return {one.id for one in found}


def browser(by: Actor) -> Client:
    client = Client()
    client.force_login(identities.get_user(by.user_id))
    return client


def test_an_agent_sees_own_and_assigned_documents_in_the_api(scene: Scene) -> None:
    """Row A5: a user of the same organization with a narrower scope, over REST."""
    bob = Speaker.of(scene.world.bob)
    mine = make.draft(scene.world.bob, client_id=scene.hidden.partner_id)

    found = {UUID(one["id"]) for one in bob.ok("GET", "invoices/")["data"]}

    assert found == {scene.seen.id, scene.seen_draft.id, mine.id}
    for path in ("", "pdf/", "xml/", "mails/", "approvals/"):
        assert bob("GET", f"invoices/{scene.hidden.id}/{path}").status == 404, path
    for path in ("", "mails/", "approvals/"):
        assert bob("GET", f"invoices/{scene.seen.id}/{path}").status == 200, path
    assert bob("PATCH", f"invoices/{scene.hidden_draft.id}/", {"note": "x"}).status == 404
    assert bob("DELETE", f"invoices/{scene.hidden_draft.id}/").status == 404
    assert bob("DELETE", f"invoices/{scene.seen_draft.id}/").status == 403  # sees it, made it not
    assert bob("POST", f"invoices/{scene.hidden.id}/duplicate/", {}).status == 404


def test_an_agent_sees_own_and_assigned_documents_on_pages(scene: Scene) -> None:
    """Rows A5, A9: pages, PDF, proof, picture, export, search and palette, for an agent."""
    bob = browser(scene.world.bob)
    indexing.rebuild(scene.world.organization)

    page = bob.get("/invoices/").content.decode()
    hits = bob.get(f"/search/?q={scene.hidden.number}").content.decode()
    palette = bob.get("/search/palette/?q=119").content.decode()

    assert f"/invoices/{scene.seen.id}/" in page
    assert f"/invoices/{scene.hidden.id}/" not in page
    assert scene.hidden_draft.draft_reference not in page
    for path in ("", "pdf/", "pages/1.png", "proof.json"):
        assert bob.get(f"/invoices/{scene.hidden.id}/{path}").status_code == 404, path
    assert bob.get(f"/invoices/{scene.seen.id}/").status_code == 200
    assert bob.get(f"/invoices/{scene.seen.id}/pdf/").status_code == 200
    assert str(scene.hidden.id) not in hits
    assert str(scene.hidden.id) not in palette
    assert str(scene.seen.id) in palette


def test_an_export_holds_what_its_maker_sees(scene: Scene) -> None:
    """Row A6: viewers export what they see, agents their own and assigned documents only."""
    for by, expected in ((scene.world.bob, 1), (member(scene.world, "viewer"), 2)):
        answer = browser(by).get("/invoices/?format=csv&status=sent,issued,overdue,partially_paid")
        text = b"".join(answer) if answer.streaming else answer.content
        rows = text.decode("utf-8-sig")

        assert answer.status_code == 200
        assert (scene.hidden.number in rows) == (expected == 2)
        assert scene.seen.number in rows


def test_figures_and_reports_are_narrowed_too(scene: Scene) -> None:
    """Row A13: sums tell nothing of rows that one may not see."""
    by = scene.world.bob
    sums = invoices.figures(invoices.InvoiceFilter(today=TODAY), by=by, cap=None)
    owed = invoices.balances([scene.seen.partner_id, scene.hidden.partner_id], by=by, today=TODAY)

    assert sums.count == 2
    assert set(owed) == {scene.seen.partner_id}
    assert invoices.owing(by=by) == [scene.seen.partner_id]


def test_the_live_stream_tells_agents_of_what_they_see(scene: Scene) -> None:
    """Row A5: the stream of news is a door like the others."""
    found = events.happened_since(scene.world.organization, after=0, limit=1000)
    batch = reading.batch_of(scene.world.organization, found, is_flood=False)

    told = reading.message(batch, by=scene.world.bob, floor=0).decode()

    assert f"invoice:{scene.seen.id}" in told
    assert str(scene.hidden.id) not in told
    assert str(scene.hidden_payment.id) not in told
    whose = owners_of(scene.world.organization, [scene.seen.id])
    assert whose[scene.seen.id] == {scene.seen.partner_id, scene.world.alice.user_id}


def test_search_finds_what_is_seen(scene: Scene) -> None:
    """Row A13: no hit betrays what one may not see."""
    indexing.rebuild(scene.world.organization)

    found = {
        hit.id for hit in search.find(Asked("119.00", amount=None, on=None), by=scene.world.bob)
    }
    numbers = {
        hit.id
        for text in (scene.seen.number, scene.hidden.number)
        for hit in search.find(Asked(text, amount=None, on=None), by=scene.world.bob)
        if hit.kind == "invoice"
    }

    assert scene.hidden.id not in found | numbers
    assert scene.seen.id in numbers


def test_assignments_end_at_once(scene: Scene) -> None:
    """Row A5: what was taken away is gone with the next request."""
    world = scene.world
    before = listed(world.bob)

    parties.assign_clients(world.bob.user_id, by=world.alice, partner_ids=[], at=NOW)

    assert before == {scene.seen.id, scene.seen_draft.id}
    assert listed(world.bob) == set()


def test_a_client_of_the_portal_sees_their_own_issued_documents(scene: Scene) -> None:
    """Row A5: the portal's people: no draft, no other client, nothing of the house."""
    world = scene.world
    guest = member(world, "client")
    parties.open_portal(guest.user_id, by=world.alice, partner_ids=[scene.seen.partner_id], at=NOW)

    assert listed(guest) == {scene.seen.id}
    assert [one.id for one in payments.list_payments(by=guest)] == [scene.payment.id]
    with pytest.raises(NotFound):
        invoices.get_invoice(scene.seen_draft.id, by=guest)
    with pytest.raises(NotFound):
        payments.get_payment(scene.hidden_payment.id, by=guest)
    speaker = Speaker.of(guest)
    assert speaker("GET", f"invoices/{scene.seen.id}/pdf/").status == 200
    assert speaker("GET", f"invoices/{scene.hidden.id}/pdf/").status == 404
    for path in ("clients/", "items/", "users/", "audit/", "events/", "accounts/", "keys/"):
        assert speaker("GET", path).status == 403, path
    nobody = member(world, "client")
    assert listed(nobody) == set()


def test_a_lead_sees_their_team_s_documents(scene: Scene) -> None:
    """Row A5: the rule “team”: own, the team's, and the team's clients."""
    world = scene.world
    lead = own_role(world, "team", "invoice.view", "payment.view")
    before = listed(lead)
    theirs = make.draft(world.bob, client_id=scene.hidden.partner_id)

    identity.set_lead(world.bob.user_id, by=world.alice, lead_id=lead.user_id)

    assert before == set()
    assert listed(lead) == {scene.seen.id, scene.seen_draft.id, theirs.id}
    assert payment_figures(PaymentFilter(), by=lead, cap=None).count == 1


def test_only_own_rows(scene: Scene) -> None:
    """Row A5: the rule “own” knows no assignment."""
    world = scene.world
    narrow = own_role(world, "own", "invoice.view", "invoice.create")
    parties.assign_clients(
        narrow.user_id, by=world.alice, partner_ids=[scene.seen.partner_id], at=NOW
    )
    mine = make.draft(narrow, client_id=scene.hidden.partner_id)

    assert listed(narrow) == {mine.id}


@pytest.mark.parametrize("permission", ["ledger.view", "audit.view", "settings.edit", "event.view"])
def test_a_narrowed_role_holds_nothing_that_knows_no_rows(world: World, permission: str) -> None:
    """Row A8: what does not obey a row rule is not for who has one."""
    with pytest.raises(BadRole):
        own_role(world, "assigned", permission)


@pytest.mark.parametrize("permission", ["member.edit", "export.run", "backup.run"])
def test_no_own_role_lifts_itself(world: World, permission: str) -> None:
    """Row A12: who may give rights is an admin, and no role that an organization makes."""
    with pytest.raises(BadRole):
        own_role(world, "all", permission)


def test_a_role_that_was_tampered_with_holds_no_more_than_it_may(world: World) -> None:
    """Row A11: what stands in the row is judged again each time it is read."""
    from guilder.foundation.identity.models import CustomRole

    by = own_role(world, "own", "invoice.view")
    CustomRole.objects.filter(organization_id=world.organization).update(
        permissions=["invoice.view", "member.edit", "ledger.view", "root"]
    )

    again = identities.actor_for(by.user_id, world.organization, source="web")

    assert again.permissions == {"invoice.view"}


def test_a_role_without_permissions_is_no_role(world: World) -> None:
    """Row A11: an empty set of rules allows nothing."""
    with pytest.raises(BadRole):
        own_role(world, "all")


def test_a_key_may_not_do_more_than_who_makes_it(world: World) -> None:
    """Row A12: a key is no way up."""
    by = own_role(world, "all", "key.edit", "key.view", "invoice.view")

    with pytest.raises(MoreThanOwn):
        identity.create_api_key(by=by, name="Up", role="admin")


def test_roles_of_another_organization_are_not_given(world: World) -> None:
    """Row A4: a role is one of the organization that is signed in to."""
    role = identity.create_role(
        by=world.mallory, name="Theirs", based_on="viewer", permissions=["invoice.view"]
    )

    with pytest.raises(NotFound):
        identity.set_role(world.bob.user_id, by=world.alice, role=str(role.id))
    with pytest.raises(NotFound):
        identity.update_role(
            role.id, by=world.alice, name="Mine", permissions=["invoice.view"], row_rule="all"
        )
    with pytest.raises(NotFound):
        parties.assign_clients(
            world.bob.user_id, by=world.alice, at=NOW,
            partner_ids=[make.client(world.mallory).id],
        )  # fmt: skip


def test_managers_never_delete(scene: Scene) -> None:
    """Row A10: a right that the table does not give is refused by the operation itself."""
    manager = member(scene.world, "manager")

    with pytest.raises(NotAllowed):
        invoicing.delete_draft(scene.seen_draft.id, by=manager)
    with pytest.raises(NotAllowed):
        parties.delete_partner(make.client(scene.world.alice).id, by=manager)


@pytest.mark.parametrize("row_rule", ["own", "assigned", "team"])
def test_every_list_of_a_narrowed_person_is_a_part_of_the_whole(
    scene: Scene, row_rule: str
) -> None:
    """Row A7: whatever narrows, the list is a part of what an admin sees."""
    by = own_role(scene.world, row_rule, "invoice.view", "payment.view", "quote.view")

    assert listed(by) <= listed(scene.world.alice)
    assert {one.id for one in payments.list_payments(by=by)} == set()


def test_managers_open_uploads_by_signed_links_only_where_that_is_wanted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row A6: the handle of a file alone opens nothing; its link is one person's, and expires."""
    import re

    from guilder.office.desk import operations as desk
    from guilder.office.desk import queries as desks

    world = scene.world
    manager, other = member(world, "manager"), member(world, "manager")
    upload = desk.add_attachment(
        "invoice", scene.seen.id, by=world.alice, content=b"%PDF-1.7 x", filename="x.pdf", at=NOW
    )
    plain, page = f"/talk/files/{upload.id}/", f"/invoices/{scene.seen.id}/"
    assert browser(manager).get(plain).status_code == 200

    identity.seal_uploads(by=world.alice, is_on=True)
    [link] = re.findall(rf"{plain}\?key=[^\"]+", browser(manager).get(page).content.decode())

    assert browser(manager).get(plain).status_code == 403
    assert browser(manager).get(link).status_code == 200
    assert browser(other).get(link).status_code == 403
    assert browser(manager).get(f"{link}x").status_code == 403
    assert browser(world.alice).get(plain).status_code == 200
    monkeypatch.setattr(desks, "LINK_LIVES", -1)
    assert browser(manager).get(link).status_code == 403
