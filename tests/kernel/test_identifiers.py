"""Identifiers: what people type is read one way, and one wrong digit is seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.kernel import identifiers as ids
from guilder.kernel.document import Identifier
from guilder.kernel.errors import Invalid

READ = [
    (ids.vat_id, "de 136.695.976", "DE136695976"),
    (ids.vat_id, "GR094259216", "EL094259216"),
    (ids.vat_id, "AT U13585627", "ATU13585627"),
    (ids.vat_id, "BE 0428.759.497", "BE0428759497"),
    (ids.vat_id, "FR 40 303 265 045", "FR40303265045"),
    (ids.vat_id, "NL 4495445B01", "NL004495445B01"),
    (ids.vat_id, "SE 123456789701", "SE123456789701"),
    (ids.vat_id, "GB980780684", "GB980780684"),
    (ids.vat_id, "XI 980 7806 84", "XI980780684"),
    (ids.vat_id, "CHE-107.787.577 IVA", "CHE107787577IVA"),
    (ids.vat_id, "CHE-107.787.577", "CHE107787577"),
    (ids.vat_id, "NO 995 525 828 MVA", "NO995525828MVA"),
    (ids.vat_id, "US12-3456789", "US123456789"),
    (ids.iban, "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
    (ids.iban, "NL91\u00a0ABNA 0417 1643 00", "NL91ABNA0417164300"),
    (ids.bic, "deutdeff 500", "DEUTDEFF500"),
    (ids.bic, "AGRIFRPP", "AGRIFRPP"),
    (ids.gln, "7300010000001", "7300010000001"),
    (ids.gtin, "4006381333931", "4006381333931"),
    (ids.gtin, "7351-3537", "73513537"),
    (ids.siren, "552 008 443", "552008443"),
    (ids.siret, "732 829 320 00074", "73282932000074"),
    (ids.leitweg_id, "04011000-1234512345-06", "04011000-1234512345-06"),
    (ids.creditor_reference, "rf18 5390 0754 7034", "RF18539007547034"),
]


@pytest.mark.parametrize(("read", "typed", "compact"), READ)
def test_what_is_typed_is_read(read, typed: str, compact: str):
    assert read(typed) == compact
    assert read(compact) == compact


@pytest.mark.parametrize(("read", "typed", "compact"), [one for one in READ if "US" not in one[2]])
def test_one_wrong_digit_is_seen(read, typed: str, compact: str):
    if read is ids.bic:  # a BIC has no check digit, only a shape
        compact = compact[:7]
    else:
        place = min(i for i, c in enumerate(compact) if c.isdigit())
        compact = compact[:place] + str((int(compact[place]) + 1) % 10) + compact[place + 1 :]

    with pytest.raises(ids.InvalidIdentifier) as refusal:
        read(compact)

    assert isinstance(refusal.value, Invalid | ValueError)
    assert refusal.value.code.startswith("identifier.")
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    "text", ["", "D", "136695976", "ZZ123456", "DE", "DE١٢٣٤٥٦٧٨٩", "D€1", "-"]
)
def test_what_does_not_begin_with_a_country_is_no_vat_id(text: str):
    with pytest.raises(ids.InvalidVatId):
        ids.vat_id(text)


def test_a_vat_id_may_be_judged_by_its_shape_alone():
    assert ids.vat_id("DE 123456789", checksum=False) == "DE123456789"
    with pytest.raises(ids.InvalidVatId):
        ids.vat_id("DE 123456789")
    with pytest.raises(ids.InvalidVatId):
        ids.vat_id("DE" + "1" * 19, checksum=False)


def test_the_country_of_a_vat_id_is_one_of_iso_3166():
    found = [ids.vat_country(one) for one in ("EL094259216", "XI980780684", "DE136695976")]

    assert found == ["GR", "GB", "DE"]


@pytest.mark.parametrize("read", sorted({one[0] for one in READ}, key=lambda f: f.__name__))
@pytest.mark.parametrize("text", ["", "x", "é", "1" * 300, "\x00", "DE89 é"])
def test_nonsense_is_refused_and_never_crashes(read, text: str):
    with pytest.raises(ids.InvalidIdentifier):
        read(text)


def test_an_iban_is_shown_in_fours():
    assert ids.format_iban("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


def test_a_gtin_is_not_a_gln():
    with pytest.raises(ids.InvalidGln):
        ids.gln("73513537")


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("0088:7300010000001", "", Identifier("7300010000001", "0088")),
        ("iso6523-actorid-upis::0192:991825827", "", Identifier("991825827", "0192")),
        ("5567321707", "0007", Identifier("5567321707", "0007")),
        (" bills@harbour.example ", "em", Identifier("bills@harbour.example", "EM")),
        ("0204:991-33333TEST-33", "", Identifier("991-33333TEST-33", "0204")),
        ("9930:DE136695976", "", Identifier("DE136695976", "9930")),
        ("0002:552008443", "", Identifier("552008443", "0002")),
        ("0009:73282932000074", "", Identifier("73282932000074", "0009")),
    ],
)
def test_participants_are_read_with_their_scheme(text: str, scheme: str, expected: Identifier):
    assert ids.participant(text, scheme=scheme) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7300010000001", "identifier.participant"),
        ("9999:1", "identifier.participant"),
        ("EM:", "identifier.participant"),
        ("EM:a b", "identifier.participant"),
        ("0088:7300010000002", "identifier.gln"),
        ("0192:991825828", "identifier.participant"),
        ("0007:5567321708", "identifier.participant"),
        ("0002:552008444", "identifier.siren"),
    ],
)
def test_participants_that_cannot_be_are_refused(text: str, code: str):
    with pytest.raises(ids.InvalidIdentifier) as refusal:
        ids.participant(text)
    assert refusal.value.code == code


@settings(max_examples=60, deadline=None)
@given(st.text("ABCXYZ0123456789", min_size=1, max_size=21))
def test_a_reference_that_is_made_is_one_that_is_read(base: str):
    reference = ids.make_creditor_reference(base)

    assert ids.creditor_reference(reference) == reference
    # ISO 11649: moved to the end, letters as 10 to 35, the whole leaves 1 when divided by 97
    digits = "".join(str(int(c, 36)) for c in reference[4:] + reference[:4])
    assert int(digits) % 97 == 1


def test_a_reference_is_made_of_an_invoice_number():
    assert ids.make_creditor_reference("539-007547034") == "RF18539007547034"
    for base in ("", "--", "1" * 22, "Ü1"):
        with pytest.raises(ids.InvalidCreditorReference):
            ids.make_creditor_reference(base)
