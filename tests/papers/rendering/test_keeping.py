"""The look that an organization chose, and the one PDF of each issued paper."""

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.db.utils import Error

from guilder.foundation.audit import queries as audit
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed, Stale
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries
from guilder.papers.rendering.look import Look, LookUnusable
from guilder.papers.rendering.models import PrintedPaper
from tests.make import NOW, World
from tests.papers.rendering.papers import LOGO, invoice


def kept(world: World, subject: UUID, pdf: bytes) -> bytes:
    return rendering.keep_printed(subject, pdf, by=world.alice, filename="INV-1.pdf", at=NOW)


def test_the_default_look_stands_until_somebody_chooses(world: World) -> None:
    assert queries.style_of(world.organization) is None
    assert queries.look_of(by=world.alice) == Look()


def test_a_chosen_look_is_used_and_written_down(world: World) -> None:
    changes = {"style": "atlas", "color": "#123456", "footer": "Bank\nIBAN", "payment_code": False}

    style = rendering.set_style(by=world.alice, data=changes)

    look = queries.look_of(by=world.alice)
    assert (look.style, look.color, look.footer) == ("atlas", "#123456", "Bank\nIBAN")
    assert not look.payment_code
    assert (look.paper, look.accent) == (Look().paper, Look().accent)
    (entry,) = audit.list_entries(world.organization, row_id=style.id)
    assert entry.before["style"] == "meridian"
    assert entry.after["style"] == "atlas"
    assert queries.look_of(by=world.mallory) == Look()


def test_every_fault_of_a_look_is_told(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        rendering.set_style(
            by=world.alice, data={"style": "baroque", "paper": "a0", "footer": "x" * 3000, "y": 1}
        )
    with pytest.raises(LookUnusable) as unusable:
        rendering.set_style(by=world.alice, data={"color": "red", "accent": "#12"})

    pointers = {problem.pointer for problem in refused.value.problems}
    assert pointers == {"/style", "/paper", "/footer", "/y"}
    assert [problem.pointer for problem in unusable.value.problems] == ["/color", "/accent"]
    assert queries.look_of(by=world.alice) == Look()


def test_a_lost_race_is_told(world: World) -> None:
    first = rendering.set_style(by=world.alice, data={"style": "plain"})
    rendering.set_style(by=world.alice, data={"style": "atlas"}, version=first.version)

    with pytest.raises(Stale):
        rendering.set_style(by=world.alice, data={"style": "plain"}, version=first.version)


def test_a_logo_is_put_on_and_taken_off(world: World) -> None:
    rendering.set_logo(by=world.alice, data=LOGO, filename="logo.svg")
    with_logo = queries.look_of(by=world.alice)

    assert with_logo.logo == LOGO
    assert rendering.render_pdf(invoice(), look=with_logo).startswith(b"%PDF-")
    rendering.set_logo(by=world.alice, data=b"", filename="")
    assert queries.look_of(by=world.alice).logo == b""


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n" + bytes(1 << 20)])
def test_what_is_no_logo_is_refused(world: World, data: bytes) -> None:
    with pytest.raises(LookUnusable):
        rendering.set_logo(by=world.alice, data=data, filename="logo.png")


def test_an_agent_may_not_choose(world: World) -> None:
    with pytest.raises(NotAllowed):
        rendering.set_style(by=world.bob, data={"style": "plain"})
    with pytest.raises(NotAllowed):
        rendering.set_logo(by=world.bob, data=LOGO, filename="logo.svg")


def test_the_first_print_is_served_for_ever(world: World) -> None:
    subject = uuid7()
    assert queries.printed(subject, by=world.alice) is None

    assert kept(world, subject, b"%PDF-first") == b"%PDF-first"
    assert kept(world, subject, b"%PDF-second") == b"%PDF-first"

    assert queries.printed(subject, by=world.alice) == b"%PDF-first"
    assert queries.printed(subject, by=world.mallory) is None


def test_of_several_prints_at_once_all_get_the_same(world: World) -> None:
    subject = uuid7()
    barrier = threading.Barrier(4)
    results: list[bytes] = []

    def work(number: int) -> None:
        barrier.wait(10)
        results.append(kept(world, subject, b"%%PDF-%d" % number))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(results) == 4
    assert len(set(results)) == 1
    with transaction(world.organization):
        assert PrintedPaper.objects.of(world.organization).filter(subject_id=subject).count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rendering_printedpaper SET printed_at = now()",
        "DELETE FROM rendering_printedpaper",
        "TRUNCATE rendering_printedpaper",
    ],
)
def test_a_print_cannot_be_replaced(world: World, statement: str) -> None:
    subject = uuid7()
    kept(world, subject, b"%PDF-first")

    def tamper() -> Any:
        with transaction(world.organization), connections["default"].cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(Error, match="permission denied"):
        tamper()
    assert queries.printed(subject, by=world.alice) == b"%PDF-first"
