"""Files for banks hold to the published schemas; what banks answer is read, whatever it is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files

import pytest

from guilder.books.sepa import calc
from guilder.books.sepa.calc import answers
from guilder.kernel import identifiers, xml
from guilder.kernel.errors import Invalid

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
OWN = calc.Side(name="Northlight Studio", iban="DE89370400440532013000", bic="COBADEFFXXX")
NAMELESS = calc.Side(name="Northlight Studio", iban="DE89370400440532013000")
SWISS = calc.Side(name="Alpen AG", iban="CH9300762011623852957", country="CH", town="Chur")
DUTCH = calc.Side(name="Coolblue B.V.", iban="NL91ABNA0417164300", bic="ABNANL2A")
AMENDED = calc.Leave(
    reference="C10001-1",
    signed_on=date(2026, 1, 2),
    original_reference="OLD-1",
    original_creditor_id="DE98ZZZ09999999999",
    has_new_account=True,
)


def order(number: str, amount: str, other: calc.Side, leave: calc.Leave | None = None):
    return calc.Order(
        end_to_end=number, amount=Decimal(amount), other=other, remittance=number, leave=leave
    )


def message(kind: str, own: calc.Side = OWN) -> calc.Message:
    """Two groups of two sequences, or one of transfers."""
    plain = calc.Leave(reference="C10002-1", signed_on=date(2026, 1, 2))
    is_debit = kind == "debit"
    first = [order("INV-1", "119.00", SWISS, AMENDED if is_debit else None)]
    second = [order("INV-2", "0.01", DUTCH, plain if is_debit else None)]
    groups = [
        calc.Group(id="DD-1-CFR", scheme="CORE", sequence="FRST", orders=first),
        calc.Group(id="DD-1-BRC", scheme="B2B", sequence="RCUR", orders=second),
    ]
    return calc.Message(
        id="DD-20261120-1",
        kind=kind,
        created_at=AT,
        due_on=date(2026, 11, 23),
        own=own,
        creditor_id="DE98ZZZ09999999999",
        groups=groups if is_debit else [calc.Group(id="CT-1-T", orders=[*first, *second])],
    )


@pytest.mark.parametrize("own", [OWN, NAMELESS], ids=["bic", "iban only"])
@pytest.mark.parametrize(
    ("kind", "version"), [(kind, one) for kind, some in calc.VERSIONS.items() for one in some]
)
def test_every_version_is_valid_by_the_published_schema(kind, version, own):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(files("sepaxml") / "schemas" / f"{version}.xsd")))
    written = calc.write(message(kind, own), version=version)

    schema.assertValid(etree.fromstring(written))
    assert written == calc.write(message(kind, own), version=version)


def texts(data: bytes, name: str) -> list[str]:
    return [one.text or "" for one in xml.parse(data).iter() if xml.local_name(one) == name]


def test_a_file_says_how_many_and_how_much():
    written = calc.write(message("debit"))

    assert texts(written, "CtrlSum") == ["119.12"[:-2] + "01", "119.00", "0.01"]
    assert texts(written, "NbOfTxs") == ["2", "1", "1"]
    assert texts(written, "SeqTp") == ["FRST", "RCUR"]


def test_an_amended_mandate_says_what_it_was():
    written = calc.write(message("debit"))

    assert texts(written, "OrgnlMndtId") == ["OLD-1"]
    assert "SMNDA" in texts(written, "Id")
    assert texts(written, "AmdmntInd") == ["true"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller & Söhne GmbH", "Mueller + Soehne GmbH"),
        ("Łódź Øre ß", "Lodz Ore ss"),
        ("Αθήνα", "Athina"),
        ("Щука ООД", "Shtuka OOD"),
        ("日本", ".."),
        ("//Rechnung//", "Rechnung/"),
    ],
)
def test_names_come_in_the_characters_of_the_scheme(name, written):
    assert calc.latin(name, most=70) == written


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 1), False),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2027, 3, 26), False),  # Good Friday
        (date(2024, 4, 1), False),  # Easter Monday
    ],
)
def test_banks_settle_on_days_of_target(day, is_open):
    assert calc.is_open(day) is is_open


def test_a_settling_day_later_skips_holidays():
    assert calc.open_days_after(date(2026, 12, 24), 1) == date(2026, 12, 28)


@pytest.mark.parametrize("text", ["DE98ZZZ09999999999", "nl50 zzz 123456780000"])
def test_creditor_identifiers_are_checked(text):
    try:
        found = identifiers.creditor_id(text)
    except Invalid:
        assert text.startswith("nl")
    else:
        assert found == "DE98ZZZ09999999999"
    with pytest.raises(Invalid):
        identifiers.creditor_id("DE99ZZZ09999999999")


HEAD = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">'
WHOLE = (
    f"{HEAD}<CstmrPmtStsRpt><GrpHdr><MsgId>A</MsgId></GrpHdr><OrgnlGrpInfAndSts>"
    "<OrgnlMsgId>B</OrgnlMsgId><GrpSts>ACCP</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
)


def test_a_report_without_verdicts_refuses_nothing():
    report = calc.read(WHOLE.encode())

    assert (report.id, report.original, report.whole.status) == ("A", "B", "ACCP")
    assert report.parts == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a/>",
        WHOLE.replace("pain.002", "pain.008").encode(),
        WHOLE.replace("<OrgnlMsgId>B</OrgnlMsgId>", "").encode(),
        WHOLE.replace(">B<", f">{'B' * 36}<").encode(),
        b'<!DOCTYPE Document [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + WHOLE.encode(),
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + WHOLE.encode(),
        WHOLE.encode("utf-16")[:-1],
        f"{HEAD}{'<a>' * 400}".encode(),
        WHOLE.replace("</Document>", "").encode(),
        b"\xff\xfe\x00",
    ],
    ids=["empty", "words", "another", "pain.008", "about nothing", "a long name", "outside entity",
         "many entities", "cut", "deep", "open", "rubbish"],
)  # fmt: skip
def test_hostile_reports_are_refused(data):
    with pytest.raises(Invalid):
        calc.read(data)


def test_reasons_are_read_where_they_are_codes_and_known_as_words_else():
    def report(reason: str) -> str:
        text = WHOLE.replace("<GrpSts>", f"<GrpSts>RJCT</GrpSts>{reason}<Old>")
        return calc.read(text.replace("ACCP</GrpSts>", "</Old>").encode()).whole.code

    assert report("<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>") == "AM04"
    assert report("<StsRsnInf><AddtlInf>Try again</AddtlInf></StsRsnInf>") == "NARR"
    assert report("<StsRsnInf><Rsn><Cd>&lt;b&gt;</Cd></Rsn></StsRsnInf>") == ""
    assert calc.words_of("AM04") == "There was not enough money on the account."
    assert calc.words_of("ZZ99") == "The bank gives a reason that is not on the list."
    assert calc.words_of("") == ""
    assert calc.is_hard("AC04") and not calc.is_hard("AM04")


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"original_reference": "OLD-1"}, {"OrgnlMndtId"}),
        ({"original_creditor_id": "DE98ZZZ09999999999"}, {"OrgnlCdtrSchmeId"}),
        ({"has_new_account": True}, {"OrgnlDbtrAcct"}),
    ],
)
def test_an_amendment_says_only_what_changed(change, kept):
    leave = calc.Leave(reference="C1-1", signed_on=date(2026, 1, 2), **change)
    group = calc.Group(id="DD-1", scheme="CORE", sequence="RCUR",
                       orders=[order("INV-1", "1.00", DUTCH, leave)])  # fmt: skip
    names = {
        xml.local_name(one)
        for one in xml.parse(calc.write(replace(message("debit"), groups=[group]))).iter()
    }

    told = {"OrgnlMndtId", "OrgnlCdtrSchmeId", "OrgnlDbtrAcct"} & names
    assert told == kept


def test_an_order_without_a_mandate_names_none():
    group = calc.Group(id="DD-1", scheme="CORE", sequence="RCUR",
                       orders=[order("INV-1", "1.00", DUTCH)])  # fmt: skip

    assert texts(calc.write(replace(message("debit"), groups=[group])), "MndtId") == []


def test_a_report_of_too_many_orders_is_refused(monkeypatch):
    monkeypatch.setattr(answers, "MOST_ORDERS", 1)
    one = "<TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts>"
    information = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId>{one * 2}</OrgnlPmtInfAndSts>"
    )
    text = WHOLE.replace("</OrgnlGrpInfAndSts>", f"</OrgnlGrpInfAndSts>{information}")

    with pytest.raises(Invalid):
        calc.read(text.encode())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"is_ended": True}, "ended"),
        ({"signed_on": None}, "waiting"),
        ({"signed_on": date(2026, 11, 21)}, "waiting"),
        ({"is_recurrent": False, "last_used_on": date(2026, 10, 1)}, "used"),
        ({"signed_on": date(2023, 11, 19)}, "expired"),
        ({"signed_on": date(2023, 11, 19), "last_used_on": date(2026, 1, 2)}, "active"),
        ({"signed_on": date(2023, 11, 20)}, "active"),
    ],
)
def test_a_mandate_stands_as_the_rulebook_has_it(changes, word):
    facts = {"signed_on": date(2026, 1, 2), "last_used_on": None, "is_ended": False,
             "is_recurrent": True}  # fmt: skip

    assert calc.standing(**(facts | changes), on=date(2026, 11, 20)) == word
