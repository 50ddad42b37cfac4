"""A client leaves a way to pay without paying: kept once, whatever is told in whatever order."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways.base import BadCall, Call, Kept, Report
from guilder.books.charging.models import Charge, MethodSetup, SavedMethod
from guilder.books.charging.operations.starting import InsideTransaction
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events.models import Event
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.registers.parties.queries import NoSuchPartner
from tests import make
from tests.books.charging import making

WORDS = "Northlight may take what I owe from it."
numbers = itertools.count(1)


def begin(by: Any, client: Any, through: Any, **changes: Any) -> queries.SetupRecord:
    data = {"client": str(client.id), "gateway": str(through.id), "method": "card",
            "consent": WORDS, **changes}  # fmt: skip
    return operations.start_setup(by=by, data=data, attempt=f"t{next(numbers)}", at=make.NOW)


def provider_id(by: Any, record: queries.SetupRecord) -> str:
    with transaction(by.organization_id):
        return MethodSetup.objects.of(by.organization_id).get(id=record.id).provider_id


def check(by: Any, record: queries.SetupRecord, *, after: Any = timedelta(0)) -> Any:
    return operations.check_setup(record.id, by=by, at=make.NOW + after)


def kept(by: Any) -> list[tuple[str, bool, bool]]:
    with transaction(by.organization_id):
        rows = SavedMethod.objects.of(by.organization_id).order_by("id")
        return [(one.token, one.is_active, one.collects) for one in rows]


def told(by: Any, start: str) -> list[str]:
    with transaction(by.organization_id):
        rows = Event.objects.filter(organization_id=by.organization_id, type__startswith=start)
        return list(rows.order_by("id").values_list("type", flat=True))


def hear(by: Any, through: Any, call: Call) -> list[str]:
    return making.receive(through, call, by=by)


def test_a_card_that_was_left_is_kept_and_takes_what_falls_due(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    begun = begin(by, client, through)
    assert (begun.state, begun.url[:8], begun.saved_id) == ("pending", "https://", None)
    assert kept(by) == []

    stripe.leave(provider_id(by, begun))
    done = check(by, begun)
    assert (done.state, done.label, done.consent) == ("succeeded", "visa •••• 4242", WORDS)
    assert kept(by) == [("pm_left", True, True)]
    saved = queries.get_saved(done.saved_id, by=by)
    assert (saved.partner_id, saved.consent, saved.agreed_at) == (client.id, WORDS, make.NOW)
    assert told(by, "saved_method.") == ["saved_method.kept"]
    assert told(by, "method_setup.") == ["method_setup.started"]
    assert told(by, "charge.") == told(by, "payment.") == []

    invoice = make.issued_invoice(by, client_id=client.id)
    assert operations.collect_due(by=by, at=make.NOW + timedelta(days=60)) == 1
    (charge,) = queries.charges_of(invoice.id, by=by)
    assert (charge.state, charge.saved_id) == ("succeeded", saved.id)


def test_a_mandate_is_kept_and_debited(world, monkeypatch):
    from guilder.books.charging.gateways import wire
    from tests.fakes.gocardless import FakeGoCardless

    fake, by, client = FakeGoCardless(), world.alice, make.client(world.alice)
    monkeypatch.setattr(wire.outbound, "request", fake.request)
    begun = begin(by, client, making.gateway(by, "gocardless"), method="direct_debit")
    fake.leave(provider_id(by, begun))

    done = check(by, begun)

    assert (done.state, done.label) == ("succeeded", "GLS BANK •••• 11")
    make.issued_invoice(by, client_id=client.id)
    assert operations.collect_due(by=by, at=make.NOW + timedelta(days=60)) == 1
    assert [one["status"] for one in fake.payments.values()] == ["pending_submission"]


@pytest.mark.parametrize("order", list(itertools.permutations("wcw")))
def test_calls_and_questions_in_any_order_keep_one(world, stripe, order):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    begun = begin(by, client, through)
    name = provider_id(by, begun)
    hear(by, through, stripe.call(name, at=make.NOW, event="evt_early"))
    assert kept(by) == []
    stripe.leave(name)

    for place, one in enumerate(order):
        if one == "c":
            check(by, begun)
        else:
            hear(by, through, stripe.call(name, at=make.NOW, event=f"evt_{place % 2}"))

    assert queries.get_setup(begun.id, by=by).state == "succeeded"
    assert kept(by) == [("pm_left", True, True)]
    assert told(by, "saved_method.") == ["saved_method.kept"]


def test_notifications_of_adyen_keep_it_in_either_order(world, monkeypatch):
    from guilder.books.charging.gateways import wire
    from tests.fakes.adyen import FakeAdyen

    by = world.alice
    for turned in (False, True):
        fake = FakeAdyen()
        fake.names = 10 * turned
        monkeypatch.setattr(wire.outbound, "request", fake.request)
        through = making.gateway(by, "adyen")
        begun = begin(by, make.client(by), through)
        name = provider_id(by, begun)
        fake.leave(name, f"tok_{turned}")
        items = list(reversed(fake.told)) if turned else list(fake.told)
        for item in items:
            fake.told = [item]
            hear(by, through, fake.call(name, at=make.NOW))
            hear(by, through, fake.call(name, at=make.NOW))

        assert queries.get_setup(begun.id, by=by).state == "succeeded"
    assert [one[0] for one in kept(by)] == ["tok_False", "tok_True"]


def test_a_call_of_the_wrong_mode_or_of_another_gateway_keeps_nothing(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through, other = making.gateway(by, "stripe"), making.gateway(by, "stripe")
    begun = begin(by, client, through)
    name = provider_id(by, begun)
    stripe.leave(name)

    with pytest.raises(BadCall):
        hear(by, through, stripe.call(name, at=make.NOW, live=True))
    assert hear(by, other, stripe.call(name, at=make.NOW)) == ["nothing of ours"]
    theirs = making.gateway(world.mallory, "stripe")
    assert hear(world.mallory, theirs, stripe.call(name, at=make.NOW)) == ["nothing of ours"]
    with pytest.raises(operations.WrongMode):
        live = Report(state="succeeded", is_live=True, kept=Kept(customer="c", token="t"))
        operations.apply_setup(begun.id, live, by=by, at=make.NOW)

    assert kept(by) == kept(world.mallory) == []
    assert queries.get_setup(begun.id, by=by).state == "pending"


def test_no_answer_is_unknown_and_found_out_by_the_same_key(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    stripe.trouble = [None]
    begun = begin(by, client, through)
    assert (begun.state, begun.failure, begun.url) == ("unknown", "no_answer", "")
    assert operations.overdue_setups(by=by, at=make.NOW + timedelta(hours=2)) == [begun.id]

    found = check(by, begun, after=timedelta(minutes=2))

    assert (found.state, found.failure) == ("pending", "")
    assert found.url
    assert len(stripe.sessions) == 1
    stripe.trouble = [503]
    assert check(by, begun, after=timedelta(minutes=5)).state == "pending"


def test_one_that_never_had_an_answer_or_is_never_finished_ends(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    stripe.trouble = [503]
    lost, idle = begin(by, client, through), begin(by, client, through)

    assert check(by, lost, after=timedelta(days=1)).failure == "no_answer"
    assert check(by, idle, after=timedelta(days=31)).failure == "expired"
    assert told(by, "method_setup.").count("method_setup.failed") == 2
    # Told late, after all: it was left.
    stripe.leave(provider_id(by, idle))
    hear(by, through, stripe.call(provider_id(by, idle), at=make.NOW))
    assert queries.get_setup(idle.id, by=by).state == "succeeded"


def test_a_refusal_is_kept_with_its_reason(world, stripe):
    by = world.alice
    through = making.gateway(by, "stripe")
    stripe.trouble = [401]

    begun = begin(by, make.client(by), through)

    assert (begun.state, begun.failure) == ("failed", "http_401")


def test_the_same_attempt_is_one_setup(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    data = {"client": str(client.id), "gateway": str(through.id), "method": "card",
            "consent": WORDS}  # fmt: skip

    first, again = (
        operations.start_setup(by=by, data=data, attempt="once", at=make.NOW) for _ in range(2)
    )

    assert first.id == again.id
    assert len(stripe.sessions) == 1


def test_a_new_one_replaces_an_old_one_only_when_it_is_kept(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    old = making.saved(by, through, client.id, "pm_old")
    operations.set_collecting(old, by=by, collects=True)
    begun = begin(by, client, through, replaces=str(old))
    assert kept(by) == [("pm_old", True, True)]

    stripe.leave(provider_id(by, begun))
    check(by, begun)

    assert kept(by) == [("pm_old", False, False), ("pm_left", True, True)]
    assert queries.get_saved(old, by=by).ended_reason == "Replaced by another"
    operations.forget_method(old, by=by, at=make.NOW)
    assert stripe.ended == {"pm_old"}


def test_what_another_client_left_is_not_kept_twice(world, stripe):
    by = world.alice
    through = making.gateway(by, "stripe")
    for place in range(2):
        begun = begin(by, make.client(by), through)
        stripe.leave(provider_id(by, begun), "pm_same")
        done = check(by, begun)
        assert (done.state, done.failure) == [("succeeded", ""), ("failed", "kept_elsewhere")][
            place
        ]

    assert len(kept(by)) == 1


def test_faults_are_named_and_nothing_is_begun(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through, manual = making.gateway(by, "stripe"), making.gateway(by, "manual")
    other = making.saved(by, through, make.client(by).id, "pm_other")
    faults = {
        "/gateway": {"gateway": str(manual.id)},
        "/method": {"method": "cash"},
        "/consent": {"consent": ""},
        "/replaces": {"replaces": str(other)},
        "/back_url": {"back_url": "javascript:alert(1)"},
        "/nonsense": {"nonsense": "1"},
    }
    for pointer, changes in faults.items():
        with pytest.raises(operations.InvalidSetup) as raised:
            begin(by, client, through, **changes)
        assert [one.pointer for one in raised.value.problems] == [pointer]

    operations.set_client_methods(client.id, by=by, data={"methods": ["bank_transfer"]})
    assert queries.setup_offers(client.id, by=by) == []
    with pytest.raises(operations.InvalidSetup):
        begin(by, client, through)
    with transaction(by.organization_id):
        assert not MethodSetup.objects.of(by.organization_id).exists()


def test_other_organizations_and_roles_are_refused(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    begun = begin(by, client, through)

    with pytest.raises(NoSuchPartner):
        begin(world.mallory, client, making.gateway(world.mallory, "stripe"))
    with pytest.raises(operations.InvalidSetup):
        begin(world.mallory, make.client(world.mallory), through)
    for act in (queries.get_setup, lambda one, by: operations.check_setup(one, by=by, at=make.NOW)):
        with pytest.raises(NotFound):
            act(begun.id, by=world.mallory)
    assert queries.list_setups(by=world.mallory) == []
    with pytest.raises(NotFound):
        report = Report(state="succeeded", kept=Kept(customer="c", token="t"))
        operations.apply_setup(begun.id, report, by=world.mallory, at=make.NOW)
    with pytest.raises(NoSuchPartner):
        operations.make_method_link(client.id, by=world.mallory, at=make.NOW)
    for act in (
        lambda: begin(world.bob, client, through),
        lambda: operations.make_method_link(client.id, by=world.bob, at=make.NOW),
        lambda: operations.end_method_links(client.id, by=world.bob),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(InsideTransaction), transaction(by.organization_id):
        operations.check_setup(begun.id, by=by, at=make.NOW)


def test_a_link_is_of_one_client_for_a_while_and_can_be_ended(world, stripe):
    by, client = world.alice, make.client(world.alice)
    with pytest.raises(operations.NotOffered):
        operations.make_method_link(client.id, by=by, at=make.NOW)
    making.gateway(by, "stripe")

    link = operations.make_method_link(
        client.id, by=by, at=make.NOW, base_url="https://we.example/"
    )
    assert link.url.startswith("https://we.example/method/")
    secret = link.url.rstrip("/").rsplit("/", 1)[1]
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    found = identities.find_access_token("method", secret, at=now)
    assert found.target_id == client.id
    assert timedelta(days=13) < found.expires_at - now <= timedelta(days=14)
    for kind, at in (("pay", now), ("method", now + timedelta(days=15))):
        with pytest.raises(identities.NoSuchToken):
            identities.find_access_token(kind, secret, at=at)
    assert operations.end_method_links(client.id, by=by) == 1
    with pytest.raises(identities.NoSuchToken):
        identities.find_access_token("method", secret, at=now)


def test_erasing_a_client_closes_what_is_under_way_and_ends_what_is_left_later(world, stripe):
    by, client = world.alice, make.client(world.alice)
    through = making.gateway(by, "stripe")
    begun = begin(by, client, through)
    operations.make_method_link(client.id, by=by, at=make.NOW)
    assert operations.strip_methods(client.id, by=by, at=make.NOW) == []
    row = queries.get_setup(begun.id, by=by)
    assert (row.state, row.failure, row.url, row.consent) == ("failed", "erased", "", "")
    assert operations.end_method_links(client.id, by=by) == 0

    stripe.leave(provider_id(by, begun))
    for place in range(2):
        call = stripe.call(provider_id(by, begun), at=make.NOW, event=f"evt_{place}")
        hear(by, through, call)

    assert kept(by) == [("pm_left", False, False)]
    (saved,) = operations.forgettable(by=by, at=make.NOW)
    operations.forget_method(saved, by=by, at=make.NOW)
    assert stripe.ended == {"pm_left"}
    with transaction(by.organization_id):
        gone = SavedMethod.objects.of(by.organization_id).get()
        assert (gone.customer, gone.label) == ("", "")


def test_every_step_is_in_the_audit_trail_and_no_secret_is(world, stripe):
    by, client = world.alice, make.client(world.alice)
    link = operations.make_method_link
    through = making.gateway(by, "stripe")
    url = link(client.id, by=by, at=make.NOW).url
    begun = begin(by, client, through)
    stripe.leave(provider_id(by, begun))
    check(by, begun)

    with transaction(by.organization_id):
        rows = list(AuditEntry.objects.filter(organization_id=by.organization_id))
    acts = [one.action for one in rows]
    for act in ("method_setup.link", "method_setup.start", "saved_method.keep", "method_setup.end"):
        assert acts.count(act) == 1, act
    assert not any(url.rsplit("/", 2)[1] in str(vars(one)) for one in rows)


def test_nobody_knows_a_setup_that_is_none(world):
    for act in (queries.get_setup, lambda one, by: operations.check_setup(one, by=by, at=make.NOW)):
        with pytest.raises(queries.NoSuchSetup):
            act(uuid4(), by=world.alice)
    with transaction(world.alice.organization_id):
        assert not Charge.objects.of(world.alice.organization_id).exists()
    assert UUID(int=0) not in {one.id for one in queries.list_setups(by=world.alice)}
