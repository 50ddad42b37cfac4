"""The page of an issued document, as its client has it."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from guilder.books.invoicing import operations, queries
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from tests import make


def link_to(world, invoice):
    return operations.pay_link(invoice.id, by=world.alice)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_secret_becomes_a_cookie_and_leaves_the_address(world, visitor):
    invoice = make.issued_invoice(world.alice)
    link = link_to(world, invoice)

    first = visitor.get(link)

    assert first.status_code == 302
    secret = link.split("/")[2]
    assert secret not in first["Location"]
    [cookie] = [one for name, one in first.cookies.items() if name.startswith("pay-")]
    assert cookie.value == secret
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert first["Referrer-Policy"] == "no-referrer"
    assert visitor.get(first["Location"]).status_code == 200


def test_under_https_the_cookie_is_bound_to_its_host(world, visitor, settings):
    settings.BASE_URL = "https://bills.example"
    answer = visitor.get(link_to(world, make.issued_invoice(world.alice)))

    [(name, cookie)] = answer.cookies.items()
    assert name.startswith("__Host-pay-")
    assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


@pytest.fixture
def settings(monkeypatch):
    from django.conf import settings as ours

    class Changed:
        def __setattr__(self, name, value):
            monkeypatch.setattr(ours, name, value)

    return Changed()


def test_the_page_says_who_asks_how_much_and_where_to(world, opened):
    invoice = make.issued_invoice(world.alice)

    answer = opened(link_to(world, invoice))
    said = text_of(answer)

    assert invoice.number in said
    assert "€119.00" in said  # one hour at 100.00 with 19 %
    assert "Pay €119.00 by bank transfer" in said
    assert 'data-copy="DE' in answer.content.decode()
    assert answer.content.decode().count("<svg") > 1 and 'class="qrline"' in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_the_page_is_private(world, opened):
    answer = opened(link_to(world, make.issued_invoice(world.alice)))

    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_part_payment_shows_both_amounts_in_words(world, opened):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "50.00")

    said = text_of(opened(link_to(world, invoice)))

    assert "€50.00 received, €69.00 still open." in said
    assert "Pay €69.00 by bank transfer" in said


def test_a_paid_invoice_shows_its_receipt_and_asks_for_nothing(world, opened):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "119.00")

    said = text_of(opened(link_to(world, invoice)))

    assert "Paid in full on 20 Nov 2026." in said
    assert "Receipt" in said
    assert "by bank transfer" not in said


def test_a_credit_note_says_that_it_is_the_clients(world, opened):
    invoice = make.issued_invoice(world.alice)
    note = operations.credit_invoice(
        invoice.id, by=world.alice, at=make.NOW, on=make.TODAY, reason="Twice"
    )

    assert "Credited to you" in text_of(opened(link_to(world, note)))
    said = text_of(opened(link_to(world, invoice)))
    assert note.number in said and "Nothing is to be paid." in said


def test_an_overdue_invoice_says_for_how_long(world, opened):
    from datetime import UTC, datetime

    day = datetime.now(UTC).date() - timedelta(days=45)
    invoice = make.issued_invoice(
        world.alice, on=day, due_on=(day + timedelta(days=30)).isoformat()
    )

    assert re.search(r"Was due on .*, 1[456] days ago", text_of(opened(link_to(world, invoice))))


def test_the_page_speaks_the_clients_language(world, opened):
    client = make.client(world.alice, language="de")
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    answer = opened(link_to(world, invoice))

    assert '<html lang="de"' in answer.content.decode()
    assert "119,00" in text_of(answer)


@pytest.mark.parametrize("rest", ["", "document.pdf", "page/1/", "brand.css"])
def test_without_the_cookie_nothing_lies_under_a_link(world, visitor, rest):
    invoice = make.issued_invoice(world.alice)
    base = visitor.get(link_to(world, invoice))["Location"]

    assert visitor.get(base + rest).status_code == 200
    answer = Client().get(base + rest)

    assert answer.status_code == 404
    assert invoice.number.encode() not in answer.content


def test_a_cookie_opens_its_own_link_only(world, visitor):
    one, other = make.issued_invoice(world.alice), make.issued_invoice(world.alice)
    mine = visitor.get(link_to(world, one))["Location"]
    theirs = Client().get(link_to(world, other))["Location"]

    # The other link's cookie, forged with the secret of one's own.
    name = f"pay-{theirs.split('/')[2].replace('-', '')}"
    visitor.cookies[name] = visitor.cookies[f"pay-{mine.split('/')[2].replace('-', '')}"].value

    assert visitor.get(theirs).status_code == 404


def test_a_wrong_link_says_how_to_reach_the_sender_and_nothing_else(world, visitor):
    make.issued_invoice(world.alice)

    answer = visitor.get("/pay/" + "x" * 43 + "/")

    assert answer.status_code == 404
    assert "reply to that e-mail" in text_of(answer)
    assert "Alice" not in text_of(answer)


def test_a_revoked_link_ends_open_pages_too(world, visitor):
    invoice = make.issued_invoice(world.alice)
    base = visitor.get(link_to(world, invoice))["Location"]

    operations.revoke_links(invoice.id, by=world.alice)

    assert visitor.get(base).status_code == 404


def test_a_link_of_an_invoice_opens_no_quote(world, visitor):
    link = link_to(world, make.issued_invoice(world.alice))

    assert visitor.get(link.replace("/pay/", "/quote/")).status_code == 404


def test_the_first_look_is_kept_and_not_again_the_same_day(world, opened):
    invoice = make.issued_invoice(world.alice)
    link = link_to(world, invoice)

    opened(link)
    first = queries.get_invoice(invoice.id, by=world.alice).viewed_at
    opened(link)

    assert first is not None
    assert queries.get_invoice(invoice.id, by=world.alice).viewed_at == first
    assert looks_at(world, invoice.id) == 1


def looks_at(world, invoice_id):
    from guilder.foundation.audit.models import AuditEntry

    with transaction(world.organization):
        return AuditEntry.objects.filter(
            organization_id=world.organization, row_id=invoice_id, action="invoice.viewed"
        ).count()


def test_looks_of_the_house_and_of_prefetchers_do_not_count(world, browsing, visitor):
    invoice = make.issued_invoice(world.alice)
    link = link_to(world, invoice)

    answer = browsing("bob").get(link, follow=True)
    visitor.get(visitor.get(link)["Location"], headers={"Sec-Purpose": "prefetch;prerender"})

    assert "Your own looks are not counted." in text_of(answer)
    assert queries.get_invoice(invoice.id, by=world.alice).viewed_at is None


def test_a_stranger_who_is_signed_in_elsewhere_counts_as_the_client(world, browsing):
    invoice = make.issued_invoice(world.alice)

    browsing("mallory").get(link_to(world, invoice), follow=True)

    assert queries.get_invoice(invoice.id, by=world.alice).viewed_at is not None


def test_the_pdf_is_the_stored_one(world, visitor):
    from guilder.office.dispatch import operations as dispatch

    invoice = make.issued_invoice(world.alice)
    base = visitor.get(link_to(world, invoice))["Location"]
    stored = dispatch.print_paper(invoice.id, by=world.alice, at=make.NOW)

    answer = visitor.get(base + "document.pdf?save")

    assert answer.content == stored.pdf
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'


def test_a_page_of_the_paper_is_a_picture(world, visitor):
    base = visitor.get(link_to(world, make.issued_invoice(world.alice)))["Location"]

    answer = visitor.get(base + "page/1/")

    assert answer["Content-Type"] == "image/png" and answer.content.startswith(b"\x89PNG")
    assert visitor.get(base + "page/9/").status_code == 404


def test_the_brand_is_a_sheet_of_its_own_and_stays_readable(world, visitor):
    from guilder.papers.rendering import operations as rendering

    rendering.set_style(by=world.alice, data={"color": "#ffee88"})
    base = visitor.get(link_to(world, make.issued_invoice(world.alice)))["Location"]

    css = visitor.get(base + "brand.css").content.decode()

    assert "--brand: #ffee88" in css
    assert "--on-brand: #10201c" in css  # ink, since white cannot be read on pale yellow


def test_an_svg_logo_runs_nothing(world, visitor):
    from guilder.papers.rendering import operations as rendering

    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>1</script></svg>'
    rendering.set_logo(by=world.alice, data=svg, filename="logo.svg")
    base = visitor.get(link_to(world, make.issued_invoice(world.alice)))["Location"]

    answer = visitor.get(base + "logo")

    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]


QUESTION = {"text": "Why\r\ntwo?", "name": "Lena", "email": "lena@client.example"}


def test_a_question_is_told_to_the_house(world, visitor):
    invoice = make.issued_invoice(world.alice)
    base = visitor.get(link_to(world, invoice))["Location"]

    answer = visitor.post(base + "question/", QUESTION, follow=True)

    assert "Your question went to" in text_of(answer)
    with transaction(world.organization):
        [event] = Event.objects.filter(
            organization_id=world.organization, type="invoice.questioned"
        )
    assert event.payload["text"] == "Why\ntwo?"


def test_an_empty_question_comes_back_with_its_input_and_what_is_missing(world, visitor):
    base = visitor.get(link_to(world, make.issued_invoice(world.alice)))["Location"]

    answer = visitor.post(base + "question/", {"text": "", "name": "Lena", "email": "x"})

    assert answer.status_code == 422
    said = answer.content.decode()
    assert "<title>Error:" in said and "There is a problem" in said
    assert 'value="Lena"' in said


def test_questions_are_limited(world, visitor, settings):
    settings.THROTTLES = {"anon": "2/day", "user": "off", "login": "off"}
    base = visitor.get(link_to(world, make.issued_invoice(world.alice)))["Location"]

    codes = [visitor.post(base + "question/", QUESTION).status_code for _ in range(3)]

    assert codes == [302, 302, 429]


def test_forms_need_the_token_of_their_page(world):
    strict = Client(enforce_csrf_checks=True)
    base = strict.get(link_to(world, make.issued_invoice(world.alice)))["Location"]

    assert strict.post(base + "question/", QUESTION).status_code == 403


def test_the_proof_is_made_anew_and_shown(world, opened):
    invoice = make.issued_invoice(world.alice)
    frozen = queries.get_issued(invoice.id, by=world.alice)

    said = text_of(opened(link_to(world, invoice)))

    assert frozen.content_hash.hex() in said
    assert frozen.chain_hash.hex() in said
    assert "Nothing in it has changed since" in said


def test_a_tampered_paper_is_told(world, opened, monkeypatch):
    from dataclasses import replace

    from guilder.books.invoicing.queries import proving

    invoice = make.issued_invoice(world.alice)
    link = link_to(world, invoice)
    found = queries.get_issued(invoice.id, by=world.alice)
    forged = replace(found, document=found.document.replace(b"100", b"900"))
    monkeypatch.setattr(proving, "get_issued", lambda *_, **__: forged)

    assert "Do not pay before you have asked the sender." in text_of(opened(link))


def test_a_file_is_compared_byte_for_byte(world, visitor):
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    base = visitor.get(link_to(world, make.issued_invoice(world.alice)))["Location"]
    pdf = visitor.get(base + "document.pdf").content

    same = visitor.post(base + "check/", {"file": File("a.pdf", pdf)})
    other = visitor.post(base + "check/", {"file": File("a.pdf", pdf + b" ")})
    none = visitor.post(base + "check/", {})

    assert "byte for byte" in text_of(same)
    assert "is not the one that was issued" in text_of(other)
    assert none.status_code == 422 and "Choose the PDF" in text_of(none)


def test_the_statement_has_what_was_sent_to_this_client_and_nothing_else(world, opened):
    client = make.client(world.alice)
    shown = make.issued_invoice(world.alice, client_id=client.id)
    sent = make.issued_invoice(world.alice, client_id=client.id)
    operations.mark_sent(sent.id, by=world.alice, at=make.NOW)
    unsent = make.issued_invoice(world.alice, client_id=client.id)
    draft = make.draft(world.alice, client_id=client.id)
    foreign = make.issued_invoice(world.alice)
    operations.mark_sent(foreign.id, by=world.alice, at=make.NOW)

    said = text_of(opened(link_to(world, shown)))

    assert shown.number in said and sent.number in said
    for hidden in (unsent.number, foreign.number, draft.draft_reference):
        assert hidden not in said
    assert "€238.00" in said  # 2 × 119.00


def test_a_preview_shows_a_draft_marked_and_dead(world, browsing, visitor):
    draft = make.draft(world.alice)

    answer = browsing("alice").get(f"/invoices/{draft.id}/as-client/")
    preview = answer["Location"]
    shown = visitor.get(preview)

    assert shown.status_code == 200
    assert "Preview." in text_of(shown)
    assert "<form" not in shown.content.decode().split("<main")[1].split("</main>")[0]
    assert visitor.get(preview + "page/1/").status_code == 200
    assert visitor.post(preview).status_code == 405
    assert queries.get_invoice(draft.id, by=world.alice).viewed_at is None


def test_a_preview_that_was_changed_or_is_old_opens_nothing(world, browsing, visitor, monkeypatch):
    import time

    draft = make.draft(world.alice)
    preview = browsing("alice").get(f"/invoices/{draft.id}/as-client/")["Location"]
    forged = preview[:-3] + ("A" if preview[-3] != "A" else "B") + preview[-2:]
    assert visitor.get(forged).status_code == 404

    eight_days = time.time() + 8 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: eight_days)
    assert visitor.get(preview).status_code == 404


def test_a_preview_needs_the_right_and_the_house(world, browsing, visitor):
    draft = make.draft(world.alice)

    assert browsing("mallory").get(f"/invoices/{draft.id}/as-client/").status_code == 404
    assert visitor.get(f"/invoices/{draft.id}/as-client/").status_code == 302  # to sign in


def test_guessing_is_slowed_down(world, visitor, settings):
    settings.THROTTLES = {"secret": "3/minute", "portal": "off"}

    def guess(n):
        return visitor.get(f"/pay/{'x' * 40}{n}/", REMOTE_ADDR="198.51.100.7").status_code

    codes = [guess(n) for n in range(5)]

    assert codes == [404, 404, 404, 429, 429]


def test_no_page_of_a_client_asks_more_than_this_of_the_database(world, opened):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    invoice = make.issued_invoice(world.alice)
    link = link_to(world, invoice)
    opened(link)
    with CaptureQueriesContext(connection) as asked:
        opened(link)

    assert len(asked) <= 30


def test_a_preview_is_shown_inside_the_editor_and_a_clients_own_page_nowhere(
    world, browsing, visitor, opened
):
    """The editor shows the very page; nobody else can put one into a page of theirs."""
    alice = browsing("alice")
    draft = make.draft(world.alice)
    asked = alice.get(f"/invoices/{draft.id}/as-client/")
    preview = visitor.get(asked["Location"])
    editor = alice.get(f"/invoices/{draft.id}/edit/?preview=page")
    own = opened(operations.pay_link(make.issued_invoice(world.alice).id, by=world.alice))

    for answer in (asked, preview):
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert f'src="/invoices/{draft.id}/as-client/?version=1"' in editor.content.decode()
    assert editor["Content-Security-Policy"].endswith("; frame-src 'self'")
    assert own["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in own["Content-Security-Policy"]


def test_what_early_payers_take_off_and_the_instalments_stand_beside_the_amount(
    world, browsing, visitor
):
    early = {"due": {"days": 30}, "discounts": [{"percent": "2", "days": 10}]}
    halves = [{"percent": "50", "due": {"days": 10}}, {"percent": "50", "due": {"days": 40}}]
    parts = {"parts": halves}
    asked = []
    for terms in (early, parts):
        draft = make.draft(world.alice, terms=terms)
        address = browsing("alice").get(f"/invoices/{draft.id}/as-client/")["Location"]
        page = visitor.get(address).content.decode()
        asked.append(text_of(SimpleNamespace(content=page.split("</section>")[0].encode())))

    # 119.00 less 2 % of it: 2.38
    assert "€116.62" in asked[0]
    assert asked[1].count("€59.50") == 2  # half of 119.00, twice
