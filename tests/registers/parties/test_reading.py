"""Raw values of partners: what is sound passes, and every fault is named at once."""

import pytest

from guilder.kernel.errors import Invalid
from guilder.registers.parties.profile import read_profile
from guilder.registers.parties.reading import read_partner

COMPANY = {
    "kind": "company",
    "name": " Bar & Söhne GmbH ",
    "email": "office@bar.example",
    "address": {"line1": "Ringstraße 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
}


def faults(data: dict[str, object], *, is_new: bool = True) -> dict[str, str]:
    """Pointer → code of everything wrong with `data`."""
    with pytest.raises(Invalid) as caught:
        read_partner(data, is_new=is_new)
    return {problem.pointer: problem.code for problem in caught.value.problems}


def test_the_smallest_company_is_read_and_trimmed() -> None:
    read = read_partner(COMPANY, is_new=True)

    assert read.partner == {
        "kind": "company",
        "name": "Bar & Söhne GmbH",
        "email": "office@bar.example",
    }
    assert read.addresses is not None
    assert read.addresses[0]["use"] == "billing"
    assert read.contacts is None


def test_a_change_names_only_what_it_changes() -> None:
    read = read_partner({"phone": "+49 30 1234"}, is_new=False)

    assert read.partner == {"phone": "+49 30 1234"}
    assert read.addresses is None


def test_numbers_are_normalised() -> None:
    read = read_partner(
        {
            **COMPANY,
            "tax_ids": [{"scheme": "vat", "value": "de 136 695 976"}],
            "bank_accounts": [{"iban": "de89 3704 0044 0532 0130 00", "bic": "cobadeffxxx"}],
        },
        is_new=True,
    )

    assert read.tax_ids is not None
    assert read.tax_ids[0]["value"] == "DE136695976"
    assert read.tax_ids[0]["country"] == "DE"
    assert read.bank_accounts is not None
    assert read.bank_accounts[0]["iban"] == "DE89370400440532013000"
    assert read.bank_accounts[0]["bic"] == "COBADEFFXXX"


def test_every_fault_is_named_not_the_first_only() -> None:
    found = faults(
        {
            "kind": "club",
            "name": "",
            "email": "nobody",
            "address": {"line1": 7, "country": "ZZ"},
            "tax_ids": [{"scheme": "vat", "value": "DE123"}],
            "bank_accounts": [{"iban": "DE00"}, {}],
            "currency": "EURO",
            "tax_treatment": "none",
            "surprise": 1,
        }
    )

    assert set(found) == {
        "/kind",
        "/name",
        "/email",
        "/address/line1",
        "/address/country",
        "/tax_ids/0/value",
        "/bank_accounts/0/iban",
        "/bank_accounts/1/iban",
        "/currency",
        "/tax_treatment",
        "/surprise",
    }


def test_a_new_partner_needs_an_address_with_a_country() -> None:
    assert faults({"kind": "company", "name": "X"}) == {"/address": "required"}
    assert faults({"kind": "company", "name": "X", "address": {}}) == {
        "/address/country": "required"
    }


def test_the_same_number_twice_is_refused() -> None:
    twice = [{"scheme": "tax", "value": "1"}, {"scheme": "tax", "value": "1"}]

    assert faults({**COMPANY, "tax_ids": twice}) == {"/tax_ids": "twice"}


def test_one_contact_at_most_is_primary() -> None:
    both = [{"name": "A", "is_primary": True}, {"name": "B", "is_primary": True}]

    assert faults({**COMPANY, "contacts": both}) == {"/contacts": "two_primary"}


def test_one_address_at_most_has_a_use() -> None:
    both = [{"country": "DE"}, {"country": "FR"}]

    assert faults({"addresses": both}, is_new=False) == {"/addresses": "use_twice"}


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "@b.example",
        "a b@c.example",
        "a@b..example",
        "a@.example",
        "a@b.example\r\nBcc: x@y.example",
        f"{'x' * 65}@b.example",
        "a@@b.example",
        "a@b.example,c@d.example",
        "<a@b.example>",
    ],
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    assert set(faults({"email": address}, is_new=False)) == {"/email"}


@pytest.mark.parametrize("address", ["o'neil+x@b.example", "ü@münchen.example"])
def test_unusual_mail_addresses_are_taken(address: str) -> None:
    assert read_partner({"email": address}, is_new=False).partner == {"email": address}


def test_names_carry_no_control_or_direction_characters() -> None:
    assert faults({"name": "a\x00b"}, is_new=False) == {"/name": "control_character"}
    assert faults({"name": "a\u202eb"}, is_new=False) == {"/name": "control_character"}


def test_a_profile_is_normalised_and_judged_as_a_whole() -> None:
    assert read_profile({"iban": "DE89 3704 0044 0532 0130 00", "vat_id": "DE136695976"}) == {
        "iban": "DE89370400440532013000",
        "vat_id": "DE136695976",
    }
    with pytest.raises(Invalid) as caught:
        read_profile({"legal_name": "", "iban": "x", "country": "Germany"})
    assert [problem.pointer for problem in caught.value.problems] == [
        "/legal_name",
        "/iban",
        "/country",
    ]
