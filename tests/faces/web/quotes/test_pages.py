"""Quote pages: list, page, editor, acts."""

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import operations, queries
from tests import make

NOBODY = "01935a6e-0000-7000-8000-000000000001"
LISTS = (
    "", "?view=drafts", "?view=open", "?view=accepted", "?q=Bar", "?q=119.00", "?status=expired",
    "?status=invoiced", "?sort=-gross", "?sort=number", "?sort=valid_until", "?cursor=broken",
)  # fmt: skip


def draft_quote(by, **changes):
    data = {"client": str(make.client(by).id), "lines": [make.line(quantity="4")], **changes}
    return operations.create_quote(by=by, data=data, at=make.NOW)


def sent_quote(by, **changes):
    return operations.send_quote(draft_quote(by, **changes).id, by=by, at=make.NOW)


@pytest.mark.parametrize("query", LISTS)
def test_every_view_of_the_list_opens(world, browsing, query):
    draft_quote(world.alice)
    sent_quote(world.alice, valid_until="2026-11-01")

    assert browsing("alice").get(f"/quotes/{query}").status_code == 200


@pytest.mark.parametrize("sort", ["created_at", "-number", "quoted_on", "-valid_until", "gross"])
def test_every_order_pages_without_gap_or_double(world, sort):
    made = {sent_quote(world.alice).id for _ in range(2)} | {draft_quote(world.alice).id}
    wanted = queries.QuoteFilter(today=make.TODAY)
    seen, after = [], None
    for _page in made:
        (one,) = queries.find_quotes(wanted, by=world.alice, sort=sort, limit=1, after=after)
        seen.append(one.id)
        after = queries.quote_place(one, sort)

    assert sorted(seen) == sorted(made)
    assert not queries.find_quotes(wanted, by=world.alice, sort=sort, limit=1, after=after)


def test_each_word_finds_the_quotes_that_are_called_so(world):
    draft = draft_quote(world.alice)
    sent = sent_quote(world.alice, valid_until="2026-12-01")
    late = sent_quote(world.alice, valid_until="2026-11-01")
    agreed, done = sent_quote(world.alice), sent_quote(world.alice)
    for one in (agreed, done):
        operations.accept_quote(one.id, by=world.alice, at=make.NOW, name="Lena")
    operations.invoice_quote(done.id, by=world.alice, at=make.NOW)
    named = {"draft": draft, "sent": sent, "expired": late, "accepted": agreed, "invoiced": done}
    for word, quote in named.items():
        wanted = queries.QuoteFilter(today=make.TODAY, words=(word,))
        found = queries.find_quotes(wanted, by=world.alice)
        assert [one.id for one in found] == [quote.id], word
        assert found[0].word(on=make.TODAY) == word


def test_the_page_tells_where_it_stands(world, browsing):
    quote = sent_quote(world.alice)
    browser = browsing("alice")
    browser.post(reverse("web:quote_accept", args=[quote.id]), {"name": "Lena Öztürk"})

    page = browser.get(reverse("web:quote", args=[quote.id])).content.decode()

    assert "Accepted by Lena Öztürk" in page
    assert quote.number in page


def test_it_is_declined_with_a_reason(world, browsing):
    quote = sent_quote(world.alice)
    browser = browsing("alice")
    browser.post(reverse("web:quote_decline", args=[quote.id]), {"reason": "Too dear"})

    assert "Too dear" in browser.get(reverse("web:quote", args=[quote.id])).content.decode()


def test_a_part_of_it_is_invoiced_and_more_than_that_refused(world, browsing):
    quote = sent_quote(world.alice)
    browser = browsing("alice")
    url = reverse("web:quote_invoice", args=[quote.id])
    first = browser.post(url, {"quantity-1": "1,5"})
    second = browser.post(url, {"quantity-1": "9"})

    assert "/edit/" in first.headers["Location"]
    assert second.status_code == 422
    assert "At most 2.5" in second.content.decode()
    assert queries.get_quote(quote.id, by=world.alice).quantities[0][1] == 1.5


def test_the_editor_saves_and_the_review_numbers_and_sends(world, browsing):
    from guilder.office.dispatch import queries as mails

    quote = draft_quote(world.alice)
    browser = browsing("alice")
    assert browser.get(reverse("web:quote_edit", args=[quote.id])).status_code == 200
    url = reverse("web:quote_review", args=[quote.id])
    assert "Send this quote?" in browser.get(url).content.decode()
    answer = browser.post(url, {"on": "2026-11-20", "to": "bar@example.test", "send": "1"})

    assert answer.status_code == 302
    made = queries.get_quote(quote.id, by=world.alice)
    assert made.number == "Q-2026-00001"
    assert mails.list_mails(by=world.alice, quote_id=quote.id)[0].to == "bar@example.test"


def test_a_quote_is_written_in_the_same_editor(world, browsing):
    answer = browsing("alice").post(
        reverse("web:quote_new"),
        {
            "client_name": "New Client GmbH",
            "currency": "EUR",
            "valid_until": "+30",
            "lines": ["a"],
            "lines-a-name": "Design",
            "lines-a-unit_price": "3*85",
            "lines-a-tax": "standard",
            "do": "save",
        },
    )

    assert answer.status_code == 302
    (made,) = queries.list_quotes(by=world.alice)
    assert made.net_amount == 25500
    assert made.valid_until is not None


def test_it_is_copied_and_thrown_away(world, browsing):
    quote = sent_quote(world.alice)
    browser = browsing("alice")
    copied = browser.post(reverse("web:quote_duplicate", args=[quote.id]))
    (draft,) = queries.list_quotes(by=world.alice, states=("draft",))
    gone = browser.post(reverse("web:quote_delete", args=[draft.id]))

    assert str(draft.id) in copied.headers["Location"]
    assert gone.headers["Location"] == "/quotes/"
    assert not queries.list_quotes(by=world.alice, states=("draft",))


def test_paper_and_picture_are_printed(world, browsing):
    quote = sent_quote(world.alice)
    browser = browsing("alice")

    assert browser.get(reverse("web:quote_pdf", args=[quote.id])).content[:5] == b"%PDF-"
    picture = browser.get(reverse("web:quote_page", args=[quote.id, 1]))
    assert picture.content[:4] == b"\x89PNG"


GETS = ("quote", "quote_edit", "quote_review", "quote_pdf", "quote_invoice", "quote_accept")
POSTS = ("quote_send", "quote_duplicate", "quote_delete", "quote_decline")


@pytest.mark.parametrize("name", (*GETS, *POSTS))
def test_another_organization_sees_what_is_not_there(world, browsing, name):
    quote = draft_quote(world.alice)
    client = browsing("mallory")
    ask = client.get if name in GETS else client.post

    assert ask(reverse(f"web:{name}", args=[quote.id])).status_code == 404
    assert ask(reverse(f"web:{name}", args=[NOBODY])).status_code == 404


def test_who_may_not_send_is_told_who_can_help(world, browsing):
    quote = draft_quote(world.alice)

    answer = browsing("bob").get(reverse("web:quote_review", args=[quote.id]))

    assert answer.status_code == 403


@pytest.mark.parametrize("name", GETS)
def test_signed_out_people_sign_in_first(db, name):
    answer = Client().get(reverse(f"web:{name}", args=[NOBODY]))

    assert answer.headers["Location"].startswith("/sign-in/?next=/quotes/")


def test_the_list_keeps_its_budget(world, browsing):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(4):
        sent_quote(world.alice)
    browser = browsing("alice")
    browser.get("/quotes/")
    with CaptureQueriesContext(connection) as seen:
        assert browser.get("/quotes/").status_code == 200

    assert len(seen) <= 6, [one["sql"][:90] for one in seen]
