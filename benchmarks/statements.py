"""A statement of 10,000 lines against a million open invoices: seconds, memory, and what grows.

The database is kept where GUILDER_BENCH_HOME says; else it is made anew each time.
"""

import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import growing
from benchmarks.record import Result, result
from benchmarks.servers import ROOT, processor, run, settled

LINES, FEW_LINES = 10_000, 1_000
MANY, FEW = 1_000_000, 10_000
SECONDS, MEBIBYTES = 20.0, 300.0
NAMES = (
    "(ARRAY['Nordlicht', 'Hafen', 'Alpen', 'Kestrel', 'Ticino', 'Brasa', 'Baltic', 'Linden'])"
    "[1 + n %% 8] || ' ' || (ARRAY['Studio', 'Klinik', 'Hotel', 'Timber', 'Books', 'Ports'])"
    "[1 + n %% 6] || ' ' || n"
)


def measure() -> list[Result]:
    """Both sizes of file against both sizes of books; the largest is held to its limits."""
    with kept_place() as (url, places):
        many, few = places
        whole = [imported(url, many, LINES, seed) for seed in (1, 2, 3)]
        short = [imported(url, many, FEW_LINES, seed) for seed in (11, 12, 13)]
        small = [imported(url, few, FEW_LINES, seed) for seed in (21, 22, 23)]
    a_line = [one["seconds"] / LINES * 1000 for one in whole]
    return [
        result(
            "statements.lines_10k_open_1m", ours=[one["seconds"] for one in whole],
            reference=[SECONDS] * 3, reference_is="twenty seconds", target="≤ 1", unit="s",
        ),
        result(
            "statements.processor_10k_open_1m", ours=[one["processor"] for one in whole],
            reference=[SECONDS] * 3, target="≤ 1", unit="s",
            reference_is="twenty seconds of processor, that of the database included",
        ),
        result(
            "statements.memory_10k_open_1m", ours=[one["mebibytes"] for one in whole],
            reference=[MEBIBYTES] * 3, reference_is="300 MiB of the importing process, at most",
            target="≤ 1", unit="MiB",
        ),
        result(
            "statements.line_of_10k", ours=a_line,
            reference=[one["seconds"] / FEW_LINES * 1000 for one in short],
            reference_is="a line of a file of 1,000", target="≤ 1.2",
        ),
        result(
            "statements.line_open_1m", ours=[one["seconds"] / FEW_LINES * 1000 for one in short],
            reference=[one["seconds"] / FEW_LINES * 1000 for one in small],
            reference_is="a line where 10,000 invoices are open", target="≤ 1.5",
        ),
    ]  # fmt: skip


@contextlib.contextmanager
def kept_place() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The server's address, and both organizations with their invoices; Django is set up."""
    home = Path(os.environ.get("GUILDER_BENCH_HOME") or tempfile.mkdtemp(prefix="guilder-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        GUILDER_HOME=str(home),
        DJANGO_SETTINGS_MODULE="guilder.config.settings",
        SECRET_KEY="a benchmark's own secret key, long enough to pass for one",
    )
    from guilder.runtime.postgres import EmbeddedPostgres

    with EmbeddedPostgres(home).up() as cluster:
        run([str(Path(sys.executable).with_name("guilder")), "migrate"])
        import django

        django.setup()
        notes = home / "statements.json"
        if not notes.exists():
            notes.write_text(json.dumps(made(home, cluster.superuser_url)))
        yield cluster.superuser_url, json.loads(notes.read_text())
        from django.db import connections

        connections.close_all()


def made(home: Path, url: str) -> list[dict[str, str]]:
    """Two organizations with many and with few open invoices."""
    from guilder.books.invoicing import operations as invoicing

    places = []
    for place, count in enumerate((MANY, FEW)):
        found = settled(home, url) if place == 0 else another(places[0])
        data = {
            "client": found.client_id, "currency": "EUR",
            "lines": [{"description": "Work", "quantity": "1", "unit": "HUR",
                       "unit_price": "100.00", "tax": "standard"}],
        }  # fmt: skip
        invoicing.create_and_issue_many([data], by=found.actor, at=found.at)
        with psycopg.connect(url, autocommit=True) as owner:
            opened(owner, found.organization_id, count=count)
        places.append(
            {"organization": str(found.organization_id), "user": str(found.actor.user_id)}
        )  # fmt: skip
    return places


def another(first: dict[str, str]) -> Any:
    """A second organization of the same owner."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities
    from guilder.foundation.identity.models import User
    from guilder.registers.parties import operations as parties

    at = datetime.now(UTC)
    user = User.objects.get(id=UUID(first["user"]))
    organization = identity.create_organization(
        name="Few", country="DE", base_currency="EUR", owner=user,
        time_zone="Europe/Berlin", language="en",
    )  # fmt: skip
    by = identities.actor_for(user.id, organization.id, source="api")
    invoicing.open_books(by=by)
    parties.set_seller_profile(
        by=by, data={"line1": "A 1", "postal_code": "10115", "city": "Berlin",
                     "vat_id": "DE136695976", "iban": "DE89370400440532013000"},
    )  # fmt: skip
    made_client = parties.create_partner(
        by=by, side="customer", at=at,
        data={"kind": "company", "name": "Client", "email": "c@example.test",
              "address": {"line1": "B 2", "postal_code": "10115", "city": "Berlin",
                          "country": "DE"}},
    )  # fmt: skip
    from benchmarks.servers import Place

    return Place(Path(), "", organization.id, by, "", str(made_client.id), at)


def opened(owner: psycopg.Connection[Any], organization_id: UUID, *, count: int) -> None:
    """So many open invoices, a client for each hundred; indexes are made when all are in."""
    owner.execute("SET session_replication_role = replica")
    owner.execute("SET maintenance_work_mem = '512MB'")
    growing.clients(owner, organization_id, least=max(100, count // 100))
    owner.execute(
        f"UPDATE parties_partner p SET name = {NAMES} FROM (SELECT id, row_number()"
        " OVER (ORDER BY id)::int AS n FROM parties_partner WHERE organization_id = %(own)s) x"
        " WHERE p.id = x.id AND p.organization_id = %(own)s",
        {"own": organization_id},
    )
    indexes = owner.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'invoicing_invoice'"
        " AND indexname NOT LIKE '%\\_pkey' AND indexdef LIKE 'CREATE INDEX%'"
    ).fetchall()
    for name, _ in indexes:
        owner.execute(f'DROP INDEX "{name}"')
    gross = "(1000 + abs(hashint4(n)) %% 500000)::bigint"
    day = "(current_date - 60 + (n %% 50))"
    changes = {
        "id": growing.ID.format(ms="%(start)s + n", salt="'open'", n="n"),
        "draft_reference": "'DO-' || n", "number": "'RE-' || lpad(n::text, 8, '0')",
        "number_key": "n::text", "sequence": "n", "period": "'x'", "issued_on": day,
        "due_on": f"{day} + 30",
        "partner_id": "p.ids[1 + abs(hashint4(n * 31)) %% array_length(p.ids, 1)]",
        "gross_amount": gross, "due_amount": gross, "payable_amount": gross,
        "base_payable_amount": gross, "net_amount": f"{gross} - {gross} / 6",
        "tax_amount": f"{gross} / 6", "open_amount": gross, "quote_id": "NULL::uuid",
        "corrects_id": "NULL::uuid",
    }  # fmt: skip
    source = """FROM (SELECT array_agg(s.partner_id ORDER BY s.partner_id) AS ids
        FROM parties_partnership s
        WHERE s.organization_id = %(organization)s AND s.side = 'customer') AS p,
      (SELECT * FROM invoicing_invoice WHERE organization_id = %(organization)s
        AND status = 'issued' AND kind = 'invoice' LIMIT 1) AS t,
      generate_series(100, %(last)s + 99) AS n"""
    values = {"organization": organization_id, "last": count, "start": growing.START}
    growing.copies(owner, "invoicing_invoice", changes, source, values)
    for _, definition in indexes:
        owner.execute(definition)
    owner.execute("VACUUM ANALYZE invoicing_invoice, parties_partner, parties_partnership")


def imported(url: str, place: dict[str, str], lines: int, seed: int) -> dict[str, float]:
    """What a process of its own needed for a statement of so many lines."""
    table = statement(url, place, lines, seed)
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(table)
        file.flush()
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.statements", json.dumps(place), file.name],
            cwd=ROOT, env=os.environ, check=True, capture_output=True, text=True,
        )  # fmt: skip
    outcome = json.loads(told.stdout.splitlines()[-1])
    if outcome["posted"] < lines * 0.85:
        raise AssertionError(f"{outcome['posted']} of {lines} lines were posted")
    print(lines, outcome, flush=True)
    return outcome


def statement(url: str, place: dict[str, str], lines: int, seed: int) -> bytes:
    """Lines over a month: nine in ten name their invoice, others have typos, only a name, are of
    strangers, or go out."""
    chance = random.Random(f"{seed} {time.time()}")
    with psycopg.connect(url) as owner:
        debts = owner.execute(
            "SELECT i.number, i.open_amount, p.name FROM invoicing_invoice i"
            " JOIN parties_partner p ON p.organization_id = i.organization_id"
            " AND p.id = i.partner_id WHERE i.organization_id = %s AND i.open_amount > 0 LIMIT %s",
            [place["organization"], lines * 2],
        ).fetchall()
    chosen = chance.sample(debts, lines)
    last = datetime.now(UTC).date()
    rows = ["Buchungstag;Name;Text;Betrag;Transaction ID"]
    for at, (number, amount, name) in enumerate(chosen):
        on = last - timedelta(days=at * 30 // lines)
        text, kind = f"Rechnung {number} vielen Dank", at % 20
        if kind == 17:
            text, number = "Vielen Dank", ""
        if kind == 18:
            name, text, amount = f"Fremd {at}", "Miete", amount + 1
        if kind == 19:
            name, text, amount = "Stadtwerke", f"Abschlag {at}", -amount
        money = f"{'-' if amount < 0 else ''}{abs(amount) // 100},{abs(amount) % 100:02d}"
        rows.append(f"{on:%d.%m.%Y};{name};{text};{money};{seed}R{time.time_ns()}{at}")
    return "\n".join(rows).encode()


def child(place: dict[str, str], path: str) -> None:
    """Import a file; print seconds, those of processor, the most memory this process had, and how
    many were posted."""
    import django

    django.setup()
    from guilder.flows.banking import operations as banking
    from guilder.foundation.identity import queries as identities

    by = identities.actor_for(UUID(place["user"]), UUID(place["organization"]), source="api")
    data, at = Path(path).read_bytes(), datetime.now(UTC)
    # An account of its own: what earlier files left open is not this file's work.
    account = banking.open_account(
        by=by, at=at,
        data={"name": f"Bench {at}", "number": str(time.time_ns()), "currency": "EUR",
              "automatic_from": 95},
    )  # fmt: skip
    backend = backend_of()
    worked, started = processor(backend), time.perf_counter()
    outcome = banking.import_statement(
        data, by=by, at=at, filename="bench.csv", account_id=account.id
    )
    took = time.perf_counter() - started
    worked = processor(backend) - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": took, "processor": worked, "mebibytes": most, "posted": outcome.posted}
    print(json.dumps(told))


def backend_of() -> int:
    """The process of the database that works for this one."""
    from guilder.foundation.tenancy.hot import connection_of

    return connection_of().info.backend_pid


if __name__ == "__main__":
    child(json.loads(sys.argv[1]), sys.argv[2])
