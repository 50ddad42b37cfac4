"""The lists that the demo's owner keeps show what their names say."""

from decimal import Decimal

from tests import make


def test_every_kept_list_of_the_demo_shows_what_its_name_says(world, browsing):
    from guilder.office.demo.cast import VIEWS

    large = make.issued_invoice(world.alice, lines=[make.line(unit_price="9000.00")])
    larger = make.issued_invoice(world.alice, lines=[make.line(unit_price="9500.00")])
    paid = make.issued_invoice(world.alice, lines=[make.line(unit_price="9700.00")])
    make.payment(world.alice, paid, str(Decimal(paid.gross_amount) / 100))
    small = make.issued_invoice(world.alice)
    draft = make.draft(world.alice, lines=[make.line(unit_price="9900.00")])
    francs = make.draft(world.alice, currency="CHF")

    shown = {view["name"]: shown_in(world, browsing, view) for view in VIEWS}

    assert shown == {
        "Large and open": [larger.id, large.id],
        "Foreign currency": [francs.id],
    }
    assert {small.id, draft.id}.isdisjoint(shown["Large and open"])


def shown_in(world, browsing, view):
    from django.utils import timezone

    from guilder.office.desk import operations as desk

    kept = desk.save_view(by=world.alice, data=view, at=timezone.now())
    return [row.id for row in browsing("alice").get(f"/invoices/?view={kept.id}").context["rows"]]
