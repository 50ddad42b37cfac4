"""Sample contexts: one invented firm on Friday 20 November 2026, with the design's figures."""

# Sample data reads as tables, one record a line.
# ruff: noqa: E501, S106
# fmt: off

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace as Record

from guilder.faces.web.invoices.forms import InvoiceForm

from guilder.faces.web import menu
from guilder.faces.web.catalogue.forms import ItemForm
from guilder.faces.web.partners.forms import ClientForm
from guilder.faces.web.payments.forms import PaymentForm
from guilder.faces.web.session.forms import SetupForm, SignInForm
from guilder.faces.web.settings.forms import (
    DocumentsForm,
    MailForm,
    OrganizationForm,
    SeriesForm,
    TaxCodeForm,
)
from guilder.kernel.money import Money

TODAY = date(2026, 11, 20)
ID = "01935a6e-0000-7000-8000-000000000001"
COUNTRIES = [("DE", "Germany"), ("AT", "Austria"), ("DK", "Denmark"), ("FR", "France"), ("CH", "Switzerland")]
CURRENCIES = [("EUR", "EUR, euro"), ("CHF", "CHF, Swiss franc"), ("GBP", "GBP, pound sterling")]
LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French")]
TAXES = [("standard", "19%"), ("reduced", "7%"), ("zero", "0%"), ("reverse_charge", "0% reverse charge")]
UNITS = [("C62", "flat"), ("HUR", "h"), ("H87", "pcs"), ("MON", "month")]
PERIODS = [("year", "Every year"), ("month", "Every month"), ("none", "Never")]


def eur(text: str) -> Money:
    """Euros."""
    return Money.of(text, "EUR")


def at(hour: int, minute: int, day: int = 20) -> datetime:
    """A moment of November 2026, in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def shell(section: str) -> Record:
    """What the context processor gives."""

    def may(_permission: str) -> bool:
        return True

    return Record(
        organization=Record(id=ID, name="Northlight Studio", initial="N", kind="demo"),
        organizations=[Record(id=ID, name="Northlight Studio Inc.", initial="N", kind="")],
        person=Record(id=ID, name="Ida Brandt", email="ida.brandt@northlight.example", initials="IB", role="Accountant"),
        groups=menu.groups(section, may), foot=menu.foot(section, may), tabs=menu.tabs(section, may),
        creates=menu.creates(may), may_create=True, profile_url="", today="2026-11-20", days="{}", ends_at=0,
    )


def invoice_row(number: str, client: str, status: str, issued: tuple[int, int] | None, due: tuple[int, int] | None, due_text: str, total: Money, open_: Money | None) -> Record:
    """One row of the invoice list."""
    return Record(
        id=number or client.replace(" ", "-"), url=f"/invoices/{ID}/", number=number, client=client, status=status,
        issued_on=date(2026, *issued) if issued else None, due_on=date(2026, *due) if due else None,
        due_text=due_text, late="late" in due_text, total=total, open=open_, struck=status == "credited",
        edit_url="" if number else f"/invoices/{ID}/edit/", pay_url=f"/payments/new/?invoice={ID}" if number and open_ else "", pdf_url=f"/invoices/{ID}/pdf/" if number else "",
    )


ROWS = [
    invoice_row("", "Polder Fresh BV", "pending_approval", None, None, "", eur("11940.00"), eur("11940.00")),
    invoice_row("", "Hotel Alpenglühn AG", "draft", None, None, "", eur("24598.35"), eur("24598.35")),
    invoice_row("", "Linden Books GmbH", "scheduled", (12, 1), (12, 31), "", eur("2380.00"), eur("2380.00")),
    invoice_row("INV-2026-00184", "Ticino Robotics SA", "sent", (11, 20), (12, 20), "", Money.of("6417.07", "CHF"), Money.of("6417.07", "CHF")),
    invoice_row("INV-2026-00183", "Öresund Ports AB", "viewed", (11, 18), (12, 18), "", Money.of("24310.00", "SEK"), Money.of("24310.00", "SEK")),
    invoice_row("INV-2026-00182", "Atelier Rosenthal", "paid", (11, 16), (12, 16), "", eur("22566.52"), None),
    invoice_row("INV-2026-00181", "Baltic Timber OÜ", "partially_paid", (11, 12), (11, 26), "in 6 days", eur("15428.10"), eur("7714.05")),
    invoice_row("INV-2026-00180", "Kestrel & Finch Ltd", "viewed", (11, 11), (12, 11), "", Money.of("10184.13", "GBP"), Money.of("10184.13", "GBP")),
    invoice_row("INV-2026-00179", "Nordhavn Klinik ApS", "overdue", (10, 30), (11, 13), "7 days late", eur("9095.09"), eur("9095.09")),
    invoice_row("INV-2026-00178", "Brasa Negra Lda", "paid", (10, 26), (11, 25), "", eur("3694.88"), None),
    invoice_row("INV-2026-00177", "Linden Books GmbH", "overdue", (10, 19), (11, 18), "2 days late", eur("1762.94"), eur("1762.94")),
    invoice_row("INV-2026-00176", "Casa Ferrante Srl", "issued", (10, 17), (12, 1), "in 11 days", eur("2569.27"), eur("2569.27")),
    invoice_row("INV-2026-00175", "Polder Fresh BV", "paid", (10, 14), (11, 13), "", eur("23202.59"), None),
    invoice_row("INV-2026-00174", "Café Lumière SARL", "disputed", (10, 9), (11, 8), "12 days late", eur("5282.63"), eur("5282.63")),
    invoice_row("INV-2026-00173", "Brasa Negra Lda", "credited", (10, 6), (11, 5), "", eur("1190.00"), None),
    invoice_row("INV-2026-00172", "Grand Hôtel du Lac SA", "overdue", (10, 2), (11, 1), "19 days late", eur("6842.50"), eur("6842.50")),
    invoice_row("INV-2026-00171", "Atelier Rosenthal", "written_off", (9, 28), (10, 28), "", eur("48.00"), None),
]


def entry(icon: str, tone: str, text: str, url: str, link: str, when: datetime, shown: str) -> Record:
    """One step of a timeline."""
    return Record(icon=icon, tone=tone, text=text, url=url, link=link, at=when, at_text=shown)


TIMELINE = [
    entry("eye", "blue", "Öresund Ports AB viewed", "/invoices/1/", "INV-2026-00183", at(9, 42), "10:42"),
    entry("check", "green", "€7,714.05 from Baltic Timber OÜ received for", "/invoices/1/", "INV-2026-00181", at(9, 31), "10:31"),
    entry("send", "", "You sent to Ticino Robotics SA", "/invoices/1/", "INV-2026-00184", at(8, 58), "09:58"),
    entry("mail", "", "Reminder 1 went to Nordhavn Klinik ApS", "", "", at(8, 15), "09:15"),
    entry("invoice", "", "You issued", "/invoices/1/", "INV-2026-00183", at(10, 0, 18), "Wed"),
]

OVERDUE = [
    Record(client=client, url="/invoices/1/", number=number, days=days, open=eur(amount), last_step=step, pay_url="/payments/new/")
    for client, number, days, amount, step in (
        ("Hafenkontor Bremen eG", "INV-2026-00149", 70, "1487.50", "3 reminders, last 13 Nov"),
        ("Villa Marguerite Srl", "INV-2026-00158", 47, "3120.00", "2 reminders, last 6 Nov"),
        ("Grand Hôtel du Lac SA", "INV-2026-00172", 19, "6842.50", "Promised for 24 Nov"),
        ("Café Lumière SARL", "INV-2026-00174", 12, "5282.63", "Disputed: line 3"),
        ("Nordhavn Klinik ApS", "INV-2026-00179", 7, "9095.09", "1 reminder, opened today"),
        ("Linden Books GmbH", "INV-2026-00177", 2, "1762.94", "First reminder tomorrow"),
    )
]

OVERVIEW = {
    "today": TODAY,
    "figures": Record(open=eur("60959.98"), overdue=eur("27590.66"), collected=eur("57178.04"), open_count=10, overdue_count=6, oldest_days=70, others=[Money.of("6417.07", "CHF"), Money.of("10184.13", "GBP"), Money.of("24310.00", "SEK")], collected_label="Collected in November", drafts_count=3),
    "ages_label": "Open amount by age: 55% not due, 38% 1 to 30 days late, 5% 31 to 60, 2% 61 to 90",
    "ages": [
        Record(label="Not due", tone="age-0", amount=eur("33369.32"), count=4, start="0", size="54.44"),
        Record(label="1–30 days", tone="age-1", amount=eur("22983.16"), count=4, start="54.74", size="37.4"),
        Record(label="31–60", tone="age-2", amount=eur("3120.00"), count=1, start="92.44", size="4.82"),
        Record(label="61–90", tone="age-3", amount=eur("1487.50"), count=1, start="97.56", size="2.44"),
        Record(label="Over 90", tone="age-4", amount=eur("0.00"), count=0, start="100", size="0"),
    ],
    "overdue": OVERDUE,
    "waiting": [
        Record(icon="mail", tone="amber", title="1 invoice came back", hint="villa-marguerite.example: mailbox full", url="/outbox/", action="Fix"),
        Record(icon="invoice", tone="", title="3 drafts not issued", hint="€38,918.35 in all", url="/invoices/", action="Open"),
    ],
    "recent": TIMELINE,
    "steps": [],
    "may": Record(pay=True),
}

FIRST_RUN = {
    **OVERVIEW,
    "figures": Record(open=eur("0.00"), overdue=eur("0.00"), collected=eur("0.00"), open_count=0, overdue_count=0, oldest_days=0, others=[], collected_label="Collected in November", drafts_count=0),
    "ages": [], "overdue": [], "waiting": [], "recent": [],
    "steps": [
        Record(label="Complete your company", hint="Address, tax number and bank account stand on every invoice.", url="/settings/", action="Complete", done=True),
        Record(label="Write the first invoice", hint="A client, a line, and it is ready.", url="/invoices/new/", action="Write", done=False),
        Record(label="Set a mail server", hint="Until then mails wait in the outbox.", url="/settings/mail/", action="Set", done=False),
    ],
}


def views(*labels: tuple[str, str]) -> list[Record]:
    """Saved views, the first one current."""
    return [Record(label=label, url="?", current=index == 0, count=count) for index, (label, count) in enumerate(labels)]


def column(sorted_: str = "") -> Record:
    """A sortable column."""
    return Record(href="?sort=x", sorted=sorted_)


INVOICES = {
    "views": views(("All", "1,284"), ("Drafts", "3"), ("Awaiting payment", "13"), ("Overdue", "6"), ("Paid", "")),
    "filter": Record(q="", chips=[Record(label="Issued", value="1 Oct – 20 Nov 2026", url="?")], statuses=[("draft", "Draft"), ("overdue", "Overdue")], status="", **{"from": "2026-10-01"}, to="2026-11-20", active=True),
    "hidden": {"view": "all"},
    "rows": ROWS,
    "columns": Record(number=column("descending"), issued=column(), due=column(), total=column()),
    "sums": [eur("33266.48"), Money.of("10184.13", "GBP"), Money.of("6417.07", "CHF"), Money.of("24310.00", "SEK")],
    "pager": Record(newer="", older="?cursor=x"),
    "announce": "17 invoices",
    "may": Record(create=True),
}
EMPTY = {**INVOICES, "rows": [], "filter": Record(q="", chips=[], statuses=[], status="", to="", active=False), "sums": []}
NO_MATCH = {**INVOICES, "rows": [], "sums": []}

TOTALS = [
    Record(label="Subtotal", amount=eur("21407.00"), total=False, hint=""),
    Record(label="Discount 3%", amount=eur("-642.21"), total=False, hint=""),
    Record(label="VAT 19% on", hint="€19,833.59", amount=eur("3768.38"), total=False),
    Record(label="VAT 7% on", hint="€931.20", amount=eur("65.18"), total=False),
    Record(label="Total", amount=eur("24598.35"), total=True, hint=""),
]
PAGE = Record(url="/sample/page.png", alt="Page 1 of the invoice")
INVOICE = {
    "invoice": Record(id=ID, number="INV-2026-00181", title="INV-2026-00181", kind_label="Invoice", status="partially_paid", sentence="€7,714.05 received, €7,714.05 still open.", client="Baltic Timber OÜ", client_url="/clients/1/", total=eur("15428.10"), open=eur("7714.05"), issued_on=date(2026, 11, 12), due_on=date(2026, 11, 26), due_text="in 6 days", late=False, is_draft=False, client_email="arved@baltictimber.example"),
    "pages": [PAGE],
    "totals": [Record(label="Net", amount=eur("12964.79"), total=False), Record(label="VAT 19%", amount=eur("2463.31"), total=False), Record(label="Total", amount=eur("15428.10"), total=True)],
    "payments": [Record(on=date(2026, 11, 17), method="Bank transfer", amount=eur("7714.05"), url="/payments/1/")],
    "deliveries": [Record(at=at(9, 12, 12), channel="Mail to", to="arved@baltictimber.example", status="delivered", detail="")],
    "linked": [Record(label="Quote", number="QUO-2026-0041", url="/invoices/1/")],
    "timeline": TIMELINE[:4],
    "proof": Record(hash="9f2c41d07be5a1386a4f8e2b7d90c6135efa2b48c1d7093e6a5f4b82d10c97e3", chain="04be8d3f6c21a95708e4d2b3f6a791c58d0e4f3b2a6c97d15e80f4b3c2a19d76"),
    "may": Record(edit=False, issue=False, send=True, pay=True, credit=True, duplicate=True, delete=False),
    "ask": "",
}
DRAFT = {
    **INVOICE,
    "invoice": Record(**{**INVOICE["invoice"].__dict__, "number": "", "title": "Draft for Hotel Alpenglühn AG", "status": "draft", "sentence": "Not issued yet. Nobody outside can see it.", "client": "Hotel Alpenglühn AG", "is_draft": True, "open": None, "total": eur("24598.35"), "due_text": "", "client_email": "lena.oeztuerk@alpengluehn.example"}),
    "totals": TOTALS, "payments": [], "deliveries": [], "linked": [], "proof": None, "timeline": TIMELINE[4:],
    "issue": Record(number="INV-2026-00185", on=TODAY, problems=[]),
    "may": Record(edit=True, issue=True, send=True, pay=False, credit=False, duplicate=True, delete=True),
}
DRAFT_ASKED = {**DRAFT, "ask": "issue"}


def line(key: str, name: str = "", description: str = "", quantity: str = "", unit: str = "C62", price: str = "", tax: str = "", amount: str = "", **errors: str) -> Record:
    """A row of the line grid."""
    return Record(key=key, item="", name=name, description=description, quantity=quantity, unit=unit, unit_price=price, tax=tax, amount=eur(amount) if amount else None, errors=errors)


EDITOR_CHOICES = {"currency": CURRENCIES}
EDITOR = {
    "title": "New invoice", "saved_text": "Saved 10:46", "invoice_id": None, "problems": [],
    "form": InvoiceForm(choices=EDITOR_CHOICES, initial={"client": ID, "client_name": "Hotel Alpenglühn AG", "delivered_on": TODAY, "net_days": "30", "currency": "EUR", "order_reference": "PO 4500 081 132", "message": "Thank you for letting us light the Alpenglühn. Below is our work of the last four weeks."}),
    "client": Record(name="Hotel Alpenglühn AG", address="Maximilianstrasse 7, 80539 München", vat_id="DE 987 654 321", vat_valid=True, email="lena.oeztuerk@alpengluehn.example", pays_in="pays in about 21 days", initials="HA", url="/clients/1/"),
    "lines": [
        line("a", "Lighting concept and 3D study", "Lobby, two restaurants, winter garden", "1", "C62", "6,480.00", "standard", "6480.00"),
        line("b", "Senior lighting designer", "12 Oct to 6 Nov, on site and remote", "64", "HUR", "128.00", "standard", "8192.00"),
        line("c", "Pendant “Aurora 90”, hand-blown glass", "Smoke grey, brass fitting · NL-AUR90", "14", "H87", "412.50", "standard", "5775.00"),
        line("d", "Exhibition catalogue “Light & Stone”", "Printed matter, reduced rate", "40", "H87", "24.00", "reduced", "960.00"),
        line("e"),
    ],
    "blank": line("__key__"), "taxes": TAXES, "units": UNITS,
    "figures": Record(rows=TOTALS, due_text="Due Sun 20 Dec", ready=True, problems=[], currency="EUR"),
    "preview": PAGE,
}


def editor_with_errors() -> dict[str, object]:
    """The editor as it comes back after a refused save."""
    form = InvoiceForm({"client_name": "", "currency": "EUR", "net_days": "30"}, choices=EDITOR_CHOICES)
    form.is_valid()
    return {
        **EDITOR, "form": form, "client": None, "preview": None, "saved_text": "",
        "problems": [Record(anchor="lines-a-unit_price", text="Enter a price, for example 1,250.00.")],
        "lines": [line("a", "Lighting concept", "", "1", "C62", "abc", "standard", "", unit_price="Enter a price, for example 1,250.00."), line("b")],
        "figures": Record(rows=[Record(label="Total", amount=eur("0.00"), total=True, hint="")], due_text="", ready=False, problems=["Choose a client.", "Line 1 needs a price."], currency="EUR"),
    }


CLIENTS = {
    "views": views(("All", "86"), ("Owing", "10"), ("Archived", "")), "filter": Record(q="", active=False), "hidden": {},
    "rows": [
        Record(id=str(n), url="/clients/1/", name=name, code=f"C-104{27 + n}", city=city, email=email, open=open_, overdue=overdue, last_paid_on=date(2026, 11, 17) if n % 2 else None, archived=False)
        for n, (name, city, email, open_, overdue) in enumerate([
            ("Atelier Rosenthal", "Berlin", "buero@rosenthal.example", [], None),
            ("Baltic Timber OÜ", "Tallinn", "arved@baltictimber.example", [eur("7714.05")], None),
            ("Grand Hôtel du Lac SA", "Lausanne", "compta@hoteldulac.example", [eur("6842.50"), Money.of("1200.00", "CHF")], eur("6842.50")),
            ("Hotel Alpenglühn AG", "München", "lena.oeztuerk@alpengluehn.example", [], None),
            ("Kestrel & Finch Ltd", "Bristol", "", [Money.of("10184.13", "GBP")], None),
            ("Nordhavn Klinik ApS", "København", "faktura@nordhavnklinik.example", [eur("9095.09")], eur("9095.09")),
        ])
    ],
    "columns": Record(name=column("ascending")), "pager": Record(newer="", older="?"), "announce": "6 clients", "may": Record(create=True),
}
CLIENT = {
    "client": Record(id=ID, name="Nordhavn Klinik ApS", code="C-10431", archived=False, email="faktura@nordhavnklinik.example", phone="+45 5550 1840", website="nordhavnklinik.example", vat_id="DK 12 34 56 78", vat_valid=True, tax_number="", address_lines=["Sundkaj 125", "2150 København", "Denmark"], contacts=[Record(name="Mette Holm", role="Accounts", email="mette@nordhavnklinik.example", phone="", initials="MH")], terms_text="14 days net", currency="EUR", language="English", notes="Orders twice a year.\nSend the invoice before the 25th."),
    "figures": Record(open=[eur("9095.09")], overdue=[eur("9095.09")], credit=[]),
    "documents": ROWS[8:13], "documents_url": "/invoices/?client=1",
    "payments": [Record(on=date(2026, 10, 2), method="Bank transfer", amount=eur("4120.00"), url="/payments/1/")],
    "timeline": TIMELINE[:3], "may": Record(edit=True, create_invoice=True, archive=True), "ask": "",
}
CLIENT_CHOICES = {"kind": [("company", "Company"), ("individual", "Person")], "country": COUNTRIES, "currency": CURRENCIES, "language": LANGUAGES}
BACK = Record(url="/clients/", label="Clients")


def client_form() -> dict[str, object]:
    """A client form that came back with two faults."""
    form = ClientForm({"name": "", "kind": "company", "country": "DE", "currency": "EUR", "language": "en", "vat_id": "DE12"}, choices=CLIENT_CHOICES)
    form.is_valid()
    form.refuse([("vat_id", "A German VAT ID has 9 digits after DE; this one has 2.")])
    return {"form": form, "title": "New client", "back": BACK}


ITEMS = {
    "views": views(("All", "24"), ("Archived", "")), "filter": Record(q="", active=False), "hidden": {},
    "rows": [
        Record(id=str(n), url="/items/1/", name=name, code=code, kind=kind, unit=unit, tax=tax, prices=prices, price_text=price_text, archived=False)
        for n, (name, code, kind, unit, tax, prices, price_text) in enumerate([
            ("Exhibition catalogue “Light & Stone”", "NL-CAT26", "Goods", "pcs", "7%", [eur("24.00"), Money.of("26.00", "CHF")], ""),
            ("Junior lighting designer", "", "Service", "h", "19%", [eur("88.00")], ""),
            ("Pendant “Aurora 90”, hand-blown glass", "NL-AUR90", "Goods", "pcs", "19%", [eur("412.50")], ""),
            ("Sensor telegrams", "NL-TEL", "Metered", "1,000", "19%", [], "€0.004125"),
            ("Senior lighting designer", "", "Service", "h", "19%", [eur("128.00")], ""),
        ])
    ],
    "columns": Record(name=column("ascending")), "pager": Record(newer="", older=""), "announce": "5 items", "may": Record(create=True),
}
ITEM_FORM = {"form": ItemForm(choices={"kind": [("service", "Service"), ("goods", "Goods")], "unit": [("HUR", "hour"), ("H87", "piece")], "currency": CURRENCIES, "tax": [("", "Follows the client"), *TAXES]}, initial={"name": "Senior lighting designer", "unit_price": "128.00"}), "title": "Senior lighting designer", "back": Record(url="/items/", label="Items"), "item_id": ID, "archived": False, "may": Record(archive=True)}

PAYMENTS = {
    "views": views(("All", "214"), ("Unallocated", "2")), "filter": Record(q="", active=False), "hidden": {},
    "rows": [
        Record(id=str(n), url="/payments/1/", received_on=date(2026, 11, day), client=client, method="Bank transfer", reference=reference, amount=eur(amount), left=eur(left) if left else None, status=status, documents=documents)
        for n, (day, client, reference, amount, left, status, documents) in enumerate([
            (20, "Atelier Rosenthal", "INV-2026-00182", "22566.52", "", "allocated", "INV-2026-00182"),
            (19, "Polder Fresh BV", "RNR 2026-00175 THANKS", "23202.59", "", "allocated", "INV-2026-00175"),
            (17, "Baltic Timber OÜ", "PART 1 OF 2", "7714.05", "", "allocated", "INV-2026-00181"),
            (16, "Hafenkontor Bremen eG", "SAMMELZAHLUNG", "2975.00", "1487.50", "partly_allocated", "INV-2026-00141"),
            (12, "Villa Marguerite Srl", "", "500.00", "500.00", "unallocated", ""),
            (9, "Linden Books GmbH", "DOUBLE", "192.00", "", "reversed", ""),
        ])
    ],
    "columns": Record(received=column("descending"), amount=column()), "sums": [eur("56958.16")], "pager": Record(newer="", older="?"), "announce": "6 payments", "may": Record(record=True),
}
PAYMENT = {
    "payment": Record(id=ID, title="€2,975.00 from Hafenkontor Bremen eG", client="Hafenkontor Bremen eG", client_url="/clients/1/", amount=eur("2975.00"), left=eur("1487.50"), received_on=date(2026, 11, 16), method="Bank transfer", reference="SAMMELZAHLUNG", status="partly_allocated", reversed_text=""),
    "allocations": [Record(number="INV-2026-00141", url="/invoices/1/", amount=eur("1487.50"), on=date(2026, 11, 16), active=True)],
    "timeline": TIMELINE[1:2], "may": Record(reverse=True), "ask": "",
}
PAYMENT_FORM = {
    "form": PaymentForm(choices={"currency": CURRENCIES, "method": [("bank_transfer", "Bank transfer"), ("cash", "Cash")]}, initial={"client": ID, "client_name": "Hafenkontor Bremen eG", "amount": "2,975.00", "currency": "EUR", "received_on": TODAY, "reference": "SAMMELZAHLUNG"}),
    "back": Record(url="/payments/", label="Payments"), "problems": [],
    "open_invoices": [
        Record(id="a", number="INV-2026-00141", url="/invoices/1/", due_on=date(2026, 9, 1), due_text="80 days late", late=True, open=eur("1487.50"), amount="1,487.50", error=""),
        Record(id="b", number="INV-2026-00149", url="/invoices/1/", due_on=date(2026, 9, 11), due_text="70 days late", late=True, open=eur("1487.50"), amount="1,487.50", error=""),
    ],
    "left_text": "Nothing is left over.",
}

OUTBOX = {
    "kept": True, "settings_url": "/settings/mail/", "views": views(("All", "12"), ("Waiting", "2"), ("Failed", "1")), "filter": Record(q="", active=False), "hidden": {},
    "rows": [
        Record(id="1", url="/outbox/1/", at=at(8, 58), to="conti@ticinorobotics.example", subject="Invoice INV-2026-00184 over CHF 6,417.07", status="sent", detail="", document="INV-2026-00184", document_url="/invoices/1/"),
        Record(id="2", url="/outbox/1/", at=at(8, 15), to="faktura@nordhavnklinik.example", subject="Invoice INV-2026-00179 over €9,095.09", status="queued", detail="", document="INV-2026-00179", document_url="/invoices/1/"),
        Record(id="3", url="/outbox/1/", at=at(7, 2, 19), to="ospiti@villa-marguerite.example", subject="Invoice INV-2026-00158 over €3,120.00", status="bounced", detail="mailbox full", document="INV-2026-00158", document_url="/invoices/1/"),
    ],
    "pager": Record(newer="", older=""), "announce": "3 mails",
}
MAIL = {
    "mail": Record(id=ID, subject="Invoice INV-2026-00158 over €3,120.00", sender="accounts@northlight.example", to="ospiti@villa-marguerite.example", at=at(7, 2, 19), status="bounced", detail="Returned: mailbox full. Send to another address or download the PDF.", message_id="<01935a6e.158@northlight.example>", text="Good morning,\n\nplease find invoice INV-2026-00158 over €3,120.00 attached. It is due on 4 October 2026.\n\nIda Brandt\nNorthlight Studio"),
    "attachments": [Record(name="INV-2026-00158.pdf", size_text="84 kB", url="/invoices/1/pdf/")],
    "document": Record(number="INV-2026-00158", url="/invoices/1/"), "attempts": [Record(at=at(7, 2, 19), outcome="Accepted by mx.villa-marguerite.example", tone="")], "may": Record(retry=True),
}


def settings_of(current: str) -> dict[str, object]:
    """What every settings page gets."""
    return {"title": current, "may": Record(edit=True), "tabs": [Record(label=label, url="/settings/", current=label == current, count="") for label in ("Organization", "Documents", "Taxes", "Mail")]}


ORGANIZATION = {**settings_of("Organization"), "form": OrganizationForm(choices={"country": COUNTRIES, "base_currency": CURRENCIES, "time_zone": [("Europe/Berlin", "Berlin")], "language": LANGUAGES}, initial={"legal_name": "Northlight Studio GmbH", "line1": "Speicherstrasse 14", "postal_code": "20457", "city": "Hamburg", "vat_id": "DE 123 456 789", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX", "email": "accounts@northlight.example"})}
DOCUMENTS = {
    **settings_of("Documents"), "logo_url": "/static/guilder/mark.svg",
    "form": DocumentsForm(choices={"style": [("meridian", "Meridian")], "paper": [("a4", "A4"), ("letter", "US Letter")]}, initial={"accent": "#0f5a48", "net_days": "30", "closing": "Goods stay our property until paid in full."}),
    "styles": [Record(value=value, label=label, image_url="/sample/page.png", checked=value == "meridian") for value, label in (("meridian", "Meridian"), ("atlas", "Atlas"), ("plain", "Plain"))],
    "series": [Record(id=str(n), kind=kind, example=example, last_number=last, locked=bool(last), form=SeriesForm(prefix=f"s{n}", auto_id=f"id_s{n}_%s", choices={"period": PERIODS}, initial={"pattern": pattern, "period": "year"})) for n, (kind, example, last, pattern) in enumerate([("Invoices", "INV-2026-00185", "INV-2026-00184", "INV-{year}-{counter:05d}"), ("Credit notes", "CN-2026-0001", "", "CN-{year}-{counter:04d}")])],
}
TAX_PAGE = {
    **settings_of("Taxes"),
    "form": TaxCodeForm(choices={"category": [("S", "S, standard"), ("Z", "Z, zero")]}),
    "codes": [
        Record(code="standard", name="Standard rate", category="S", category_text="Standard rated", exemption="", rates=[Record(percent=Decimal("19.000000"), source="UStG § 12 (1)", to=None, **{"from": date(2021, 1, 1)})]),
        Record(code="reduced", name="Reduced rate", category="S", category_text="Standard rated", exemption="", rates=[Record(percent=Decimal("7.000000"), source="UStG § 12 (2)", to=None, **{"from": date(2021, 1, 1)})]),
        Record(code="reverse_charge", name="Reverse charge", category="AE", category_text="Reverse charge", exemption="Tax is owed by the buyer", rates=[]),
    ],
}
MAIL_SETTINGS = {
    **settings_of("Mail"), "outbox_url": "/outbox/",
    "form": MailForm(choices={"security": [("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "None")]}, initial={"sender_name": "Northlight Studio", "sender_email": "accounts@northlight.example", "port": "587", "subject": "Invoice {number} over {total}", "body": "Good morning,\n\nplease find invoice {number} over {total} attached. It is due on {due_on}.\n\n{organization}"}),
    "words": [Record(name="{number}", meaning="the invoice's number"), Record(name="{total}", meaning="what is to be paid"), Record(name="{due_on}", meaning="the due date"), Record(name="{client}", meaning="the client's name"), Record(name="{organization}", meaning="your name")],
}
SEARCH = {"q": "hotel", "groups": [Record(label="Documents", hits=[Record(id="1", url="/invoices/1/", icon="invoice", title="INV-2026-00172", hint="Grand Hôtel du Lac SA", amount=eur("6842.50"), status="overdue")]), Record(label="Clients", hits=[Record(id="2", url="/clients/1/", icon="clients", title="Hotel Alpenglühn AG", hint="München", amount=None, status="")])]}


def sign_in_refused() -> dict[str, object]:
    """Sign-in after a wrong password."""
    form = SignInForm({"email": "ida@northlight.example", "password": ""})
    form.is_valid()
    return {"form": form, "next": "/", "demo": None}


def pages() -> dict[str, tuple[str, str, dict[str, object]]]:
    """Name → (template, section of the navigation, context)."""
    return {
        "sign-in": ("session/sign_in.html", "", {"form": SignInForm(), "next": "/", "demo": Record(email="demo@guilder.example", password="guilder-demo")}),
        "sign-in-error": ("session/sign_in.html", "", sign_in_refused()),
        "setup": ("session/setup.html", "", {"form": SetupForm(choices={"country": COUNTRIES})}),
        "overview": ("overview/index.html", "overview", OVERVIEW),
        "overview-first": ("overview/index.html", "overview", FIRST_RUN),
        "invoices": ("invoices/list.html", "invoices", INVOICES),
        "invoices-empty": ("invoices/list.html", "invoices", EMPTY),
        "invoices-none": ("invoices/list.html", "invoices", NO_MATCH),
        "invoice": ("invoices/detail.html", "invoices", INVOICE),
        "draft": ("invoices/detail.html", "invoices", DRAFT),
        "draft-asked": ("invoices/detail.html", "invoices", DRAFT_ASKED),
        "editor": ("invoices/edit.html", "invoices", EDITOR),
        "editor-error": ("invoices/edit.html", "invoices", editor_with_errors()),
        "clients": ("partners/list.html", "clients", CLIENTS),
        "client": ("partners/detail.html", "clients", CLIENT),
        "client-edit": ("partners/edit.html", "clients", client_form()),
        "items": ("catalogue/list.html", "items", ITEMS),
        "item": ("catalogue/edit.html", "items", ITEM_FORM),
        "payments": ("payments/list.html", "payments", PAYMENTS),
        "payment": ("payments/detail.html", "payments", PAYMENT),
        "payment-new": ("payments/edit.html", "payments", PAYMENT_FORM),
        "outbox": ("outbox/list.html", "outbox", OUTBOX),
        "mail": ("outbox/detail.html", "outbox", MAIL),
        "settings": ("settings/organization.html", "settings", ORGANIZATION),
        "settings-documents": ("settings/documents.html", "settings", DOCUMENTS),
        "settings-taxes": ("settings/taxes.html", "settings", TAX_PAGE),
        "settings-mail": ("settings/mail.html", "settings", MAIL_SETTINGS),
        "search": ("search/list.html", "", SEARCH),
        "403": ("403.html", "", {"request_id": "7F3K-92QD"}),
        "404": ("404.html", "", {}),
        "429": ("429.html", "", {"seconds": 42, "countdown": 42}),
        "500": ("500.html", "", {"request_id": "7F3K-92QD"}),
        "swagger": ("api/swagger.html", "", {"spec_url": "/sample/openapi.json"}),
        "redoc": ("api/redoc.html", "", {"spec_url": "/sample/openapi.json"}),
    }
