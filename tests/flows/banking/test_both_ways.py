"""Lines that are posted many at once leave behind what they leave one by one, row by row."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guilder.books.invoicing.models import Invoice
from guilder.books.ledger.models import Account, Entry, Posting
from guilder.books.payments.models import Allocation, Payment
from guilder.flows.banking import operations
from guilder.flows.banking.models import Match, Payer, StatementLine
from guilder.flows.banking.operations import automatic
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.books.invoicing.test_hot_equals_orm import plain
from tests.flows.banking.banking import account, entry, imported
from tests.stories.running import is_full_size

EXAMPLES = 200 if is_full_size() else 4
WORLDS = []
NAMES = ("Kestrel Boats", "Ticino Books", "Linden Hotel")
TOLD = {"payment.recorded", "invoice.settled", "bank_line.matched"}
# Which invoice a line names (none: a stranger's), what it pays, under whose name, how old it is.
LINES = st.lists(
    st.tuples(
        st.none() | st.integers(0, 2),
        st.sampled_from(["119.00", "119.00", "119.00", "50.00", "130.00", "118.00"]),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=6,
)


class Side:
    """A world with its bank account and clients of the same names as in the other one."""

    def __init__(self):
        self.world = make.make_world()
        self.by = self.world.alice
        self.account = account(self.by)
        self.clients = [make.client(self.by, name=name) for name in NAMES]
        self.names = {
            str(self.world.organization): "organization", str(self.by.user_id): "user",
            str(self.account.id): "account",
            **{str(one.id): one.name for one in self.clients},
        }  # fmt: skip
        with transaction(self.world.organization):
            chart = Account.objects.of(self.world.organization).values_list("id", "code")
            self.names |= {str(id_): f"account {code}" for id_, code in chart}

    def named(self, value):
        """A value of a row with ids as what they are ids of."""
        if isinstance(value, dict):
            return {self.named(key): self.named(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.named(one) for one in value]
        if isinstance(value, UUID | str):
            return self.names.get(str(value), str(value))
        return value

    def row(self, row, *but):
        return self.named(plain(row, *but))

    def posted(self, invoices, entries, *, least):
        """Everything that posting the lines wrote."""
        org = self.world.organization
        self.names |= {str(one.id): one.number for one in invoices}
        statement = imported(self.by, entries).statements[0]
        operations.match_sure(self.account.id, by=self.by, at=make.NOW, automatic_from=least)
        with transaction(org):
            lines = StatementLine.objects.of(org).filter(statement_id=statement.id)
            lines = list(lines.order_by("position"))
            matches = list(Match.objects.of(org).filter(line_id__in=[one.id for one in lines]))
            place_of = {one.id: f"line {one.position}" for one in lines}
            self.names |= {str(id_): name for id_, name in place_of.items()}
            self.names |= {
                str(one.payment_id): f"payment of {place_of[one.line_id]}" for one in matches
            }
            return self.rows(org, invoices, lines, matches)

    def rows(self, org, invoices, lines, matches):
        paid = [one.payment_id for one in matches if one.payment_id]
        entries = Entry.objects.of(org).filter(source_id__in=paid)
        subjects = [one.id for one in (*invoices, *lines)] + paid
        sought = {
            "lines": (lines, ("statement",)),
            "matches": (matches, ("entry",)),
            "payments": (Payment.objects.of(org).filter(id__in=paid), ()),
            "shares": (Allocation.objects.of(org).filter(payment_id__in=paid), ()),
            "invoices": (
                Invoice.objects.of(org).filter(id__in=[one.id for one in invoices]),
                ("reference", "series", "paper"),
            ),
            "entries": (entries, ()),
            "payers": (Payer.objects.of(org), ()),
        }
        found = {
            name: sorted(str(sorted(self.row(one, *but).items())) for one in rows)
            for name, (rows, but) in sought.items()
        }
        found["postings"] = sorted(
            (self.named(one.entry.source_id), one.position, str(self.row(one, "entry")))
            for one in Posting.objects.of(org).filter(entry__in=entries).select_related("entry")
        )
        told = Event.objects.of(org).filter(subject_id__in=subjects, type__in=TOLD)
        found["events"] = sorted(str(self.named([one.type, one.payload])) for one in told)
        trail = AuditEntry.objects.of(org).filter(row_id__in=[one.id for one in lines] + paid)
        found["trail"] = sorted(
            str(self.named([one.action, one.row_id, one.before, one.after])) for one in trail
        )
        return found


def sides():
    if not WORLDS:
        WORLDS.extend((Side(), Side()))
    return WORLDS


def one_by_one(plain_ones, lines, account, *, by, at):
    """What `match_plain` does, by the operation for a single line."""
    return {one.line_id for one in plain_ones if automatic.match_one(one, account, by=by, at=at)}


# Without shrinking: two worlds for each try take minutes of it. All examples of the proof take more
# than a test may; one that is cut off would leave the two worlds unlike.
@pytest.mark.timeout(3600 if is_full_size() else 300)
@settings(
    max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(lines=LINES, least=st.sampled_from([60, 95]))
def test_lines_posted_at_once_are_those_posted_one_by_one(db, lines, least):
    found = []
    for side, way in zip(sides(), (automatic.match_plain, one_by_one), strict=True):
        invoices = [make.issued_invoice(side.by, client_id=one.id) for one in side.clients]
        entries = [
            entry(
                amount, "Rent" if named is None else f"Invoice {invoices[named].number}",
                name=(*NAMES, "Somebody Else")[payer], on=make.TODAY - timedelta(days=days),
                ref=f"{invoices[0].number}-{place}",
            )
            for place, (named, amount, payer, days) in enumerate(lines)
        ]  # fmt: skip
        usual, automatic.match_plain = automatic.match_plain, way
        try:
            found.append(side.posted(invoices, entries, least=least))
        finally:
            automatic.match_plain = usual

    for name, rows in found[0].items():
        for one, other in zip(rows, found[1][name], strict=True):
            assert one == other, name
