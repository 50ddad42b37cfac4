"""A house with as many invoices as a busy firm has: made and issued by its own bulk operation."""

import os
import subprocess
import sys
import time

import psycopg

from guilder.config.database import embedded_address
from tests.stories.running import House, is_full_size

INVOICES = int(os.environ.get("GUILDER_LOAD_INVOICES", "100000" if is_full_size() else "0"))
TOLD_WITHIN = 3600  # seconds
FILL = """
import datetime
import django
django.setup()
from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing.models import Invoice
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries
from guilder.foundation.identity.models import User
from guilder.foundation.tenancy.transaction import transaction
from guilder.registers.parties.models import Partnership
user = User.objects.get(email="demo@guilder.example")
organization = queries.memberships_of(user.id)[0].organization_id
by = queries.actor_for(user.id, organization, source="cli")
with transaction(organization):
    rows = Partnership.objects.of(organization).filter(side="customer", currency="EUR", is_active=True)
    clients = [str(one) for one in rows.order_by("id").values_list("partner_id", flat=True)]
    have = Invoice.objects.of(organization).count()
line = {"description": "Work", "quantity": "2", "unit_price": "50.00", "tax": "standard"}
while have < %d:
    count = min(2000, %d - have)
    data = [{"client": clients[(have + n) %% len(clients)], "currency": "EUR", "lines": [line]}
            for n in range(count)]
    invoicing.create_and_issue_many(data, by=by, at=datetime.datetime.now(datetime.UTC))
    have += count
print(have)
"""


def fill(house: House, count: int = INVOICES) -> None:
    """Bring the demo's organization to `count` invoices; what is there already stays."""
    if count:
        script(house, FILL % (count, count))
        end = time.monotonic() + TOLD_WITHIN
        while waiting(house):
            assert time.monotonic() < end, "what was issued is still being told"
            time.sleep(2)


def waiting(house: House) -> int:
    """How many events nobody was told of yet."""
    with owner_of(house) as owner:
        row = owner.execute("SELECT count(*) FROM events_pending").fetchone()
    return row[0] if row else 0


def owner_of(house: House) -> psycopg.Connection:
    """The owner's connection to a house's database."""
    return psycopg.connect(embedded_address(house.home, "guilder"), autocommit=True)


def script(house: House, text: str) -> str:
    """What a program beside the house prints."""
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={
            **house.environment,
            "GUILDER_HOME": str(house.home),
            "DJANGO_SETTINGS_MODULE": "guilder.config.settings",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
