"""Every rule of bank matching by itself, with values worked by hand. Amounts are minor units."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from guilder.flows.banking.calc import (
    money,
    orders,
    returning,
    rules,
    same,
    score,
    subset,
    words,
)
from guilder.flows.banking.calc.facts import (
    Card,
    Debt,
    Known,
    Line,
    Ordered,
    Recorded,
    Returned,
    RuleFact,
)
from guilder.foundation.tenancy.ids import uuid7

DAY = date(2026, 3, 10)
OAK, ELM = uuid7(), uuid7()
NAMES = {OAK: "Oakfield Bakery", ELM: "Elmwood Printers"}


def came(amount: int, text: str = "", **changes: Any) -> Line:
    """A movement on the account."""
    told = {"id": uuid7(), "currency": "EUR", "booked_on": DAY, **changes}
    return Line(amount=amount, text=text, **told)


def owed(number: str, left: int, by=OAK, currency="EUR", due_on=None) -> Debt:
    """An open invoice."""
    key = words.number_key(number)
    return Debt(uuid7(), number, key, by, NAMES[by], left, currency, due_on, None)


def known(*debts: Debt, **changes: Any) -> Known:
    """What the books hold: these invoices."""
    made = Known(debts={one.id: one for one in debts}, partner_names=NAMES, **changes)
    for one in debts:
        made.by_key.setdefault(one.key, []).append(one.id)
        made.by_amount.setdefault((one.currency, one.left), []).append(one.id)
        made.by_partner.setdefault(one.partner_id, []).append(one.id)
    made.partner_by_name.update({words.name_key(name): one for one, name in NAMES.items()})
    return made


def card(amount: int, day: int) -> Card:
    """A card payment, so many days after the first."""
    return Card(uuid7(), "Guest", amount, "EUR", DAY - timedelta(days=9 - day), "")


def codes(found) -> list[str]:
    """Its reasons."""
    return [one.code for one in found.reasons]


def paid(found) -> list[tuple[Any, int]]:
    """What it settles, and how much of it."""
    return [(one.id, one.amount) for one in found.parts]


def abroad(**changes: Any) -> Line:
    """119.30 EUR that were 100.00 GBP once."""
    return came(11_930, original_amount=10_000, original_currency="GBP", **changes)


# Numbers and names


def test_a_creditor_reference_vouches_for_its_body():
    assert words.digit_keys("RF18 5390 0754 7034")["539007547034"] is True  # ISO 11649's own


def test_a_creditor_reference_with_a_wrong_check_vouches_for_nothing():
    assert not any(words.digit_keys("RF19 5390 0754 7034").values())


def test_a_creditor_reference_ends_where_its_check_digits_say():
    assert words.digit_keys("RF18 5390 0754 7034 11")["539007547034"] is True


def test_a_belgian_reference_vouches_for_its_body():
    # 909 337 554 = 97 x 9 374 613 + 93
    assert words.digit_keys("+++090/9337/55493+++")["909337554"] is True


def test_a_belgian_reference_without_remainder_is_checked_by_97():
    # 970 = 97 x 10
    assert words.digit_keys("+++000/0000/97097+++")["970"] is True
    assert not any(words.digit_keys("+++000/0000/97000+++").values())


def test_a_belgian_reference_with_a_wrong_check_vouches_for_nothing():
    assert not any(words.digit_keys("+++090/9337/55494+++").values())


def test_a_swiss_reference_vouches_for_its_body():
    keys = words.digit_keys("21 00000 00003 13947 14300 09017")
    assert keys["21000000000313947143000901"] is True


def test_a_swiss_reference_with_a_wrong_check_vouches_for_nothing():
    assert not any(words.digit_keys("21 00000 00003 13947 14300 09018").values())


def test_a_kid_is_checked_by_modulus_10():
    # 6>12>3, 5, 4>8, 3, 2>4, 1: 24, and 6 make 30
    assert words.digit_keys("KID 1234566")["123456"] is True


def test_a_kid_is_checked_by_modulus_11():
    # 6x2 + 5x3 + 4x4 + 3x5 + 2x6 + 1x7 = 77 = 7 x 11
    assert words.digit_keys("KID: 1234560")["123456"] is True
    # 9x2 + 8x3 + 7x4 + 1x5 = 75, and 2 make 77
    assert words.mod_11("1789") == "2"


def test_a_kid_that_neither_modulus_confirms_vouches_for_nothing():
    assert not any(words.digit_keys("KID 1234565").values())


def test_a_kid_whose_check_would_be_ten_has_no_digit_for_it():
    # 6x2 + 3x3 + 2x4 + 1x5 = 34, and 10 make 44; by modulus 10 it would be 9
    assert words.mod_11("1236") == "-"
    assert not any(words.digit_keys("KID 12360").values())


def test_of_a_text_full_of_numbers_the_first_forty_are_looked_at():
    keys = words.digit_keys(" ".join(f"n{number}" for number in range(100, 160)))

    assert list(keys) == [str(number) for number in range(100, 140)]


def test_a_name_of_signs_alone_agrees_with_nobody():
    assert not words.names_agree("***", "Oakfield Bakery")
    assert not words.names_agree("Oakfield Bakery", "***")


# One and the same entry


def test_entries_of_another_amount_or_day_are_two():
    one = came(100, "March rent")

    assert same.is_same(one, came(101, "March rent"), same_format=True) == 0
    later = came(100, "March rent", booked_on=DAY + timedelta(days=1))
    assert same.is_same(one, later, same_format=True) == 0


def test_the_banks_own_reference_tells_two_entries_to_be_one():
    one = came(100, "March rent", bank_reference="B7")
    other = came(100, "something else", bank_reference="B7")

    assert same.is_same(one, other, same_format=True) == 101
    assert same.is_same(one, other, same_format=False) == 101


def test_another_reference_of_the_bank_decides_within_one_format_only():
    one = came(100, "March rent", bank_reference="B7")
    other = came(100, "March rent", bank_reference="B8")

    assert same.is_same(one, other, same_format=True) == 0
    assert same.is_same(one, other, same_format=False) == 11  # 1, and all words alike


def test_the_same_references_and_accounts_count_however_they_are_spaced():
    one = came(100, end_to_end="E-7", account="DE89 3704")
    other = came(100, end_to_end="E7", account="de893704")

    # 1, 20 for the reference, 10 for the account, 5 for the 7 that stands in E7
    assert same.is_same(one, other, same_format=False) == 36
    bare = came(100, name="Oak", account="DE89 3704")
    assert same.is_same(bare, came(100, account="DE893704"), same_format=True) == 11


def test_another_account_tells_two_entries_apart():
    one = came(100, "March rent", account="DE89")

    assert same.is_same(one, came(100, "March rent", account="DE90"), same_format=False) == 0


def test_another_account_does_not_outweigh_the_banks_own_reference():
    one = came(100, "March rent", account="DE89", bank_reference="B7")
    other = came(100, "March rent", account="DE90", bank_reference="B7")

    assert same.is_same(one, other, same_format=False) == 111


def test_an_entry_that_tells_nothing_differs_from_none():
    assert same.told_alike(came(100), came(100, "March rent")) == 0
    assert same.is_same(came(100), came(100, "March rent"), same_format=True) == 1


def test_other_words_or_numbers_tell_two_entries_apart():
    one = came(100, "March rent 17")

    assert same.is_same(one, came(100, "April flowers"), same_format=True) == 0
    assert same.is_same(one, came(100, "March rent 18"), same_format=True) == 0


# Money in another currency


def test_an_exchanged_amount_is_told_by_the_invoices_number():
    debt = owed("INV-4711", 10_000, currency="GBP")
    found = money.exchanged(abroad(text="INV-4711"), known(debt))

    assert found is not None
    assert (found.score, codes(found)) == (86, ["number", "original"])
    assert paid(found) == [(debt.id, 10_000)]


def test_an_exchanged_amount_is_told_by_the_clients_name():
    debt = owed("INV-4711", 10_000, currency="GBP")
    found = money.exchanged(abroad(name="OAKFIELD BAKERY LTD"), known(debt))

    assert found is not None
    assert (found.score, codes(found)) == (80, ["name", "original"])


def test_an_exchanged_amount_that_fits_two_invoices_or_none_is_left_alone():
    twins = [owed(number, 10_000, currency="GBP") for number in ("INV-4711", "INV-4712")]

    assert money.exchanged(abroad(name="Oakfield Bakery"), known(*twins)) is None
    assert money.exchanged(abroad(name="Somebody"), known(*twins)) is None


def test_an_exchanged_amount_that_is_not_what_is_open_is_left_alone():
    debt = owed("INV-4711", 10_001, currency="GBP")

    assert money.exchanged(abroad(text="INV-4711"), known(debt)) is None


# Card payments


def test_a_payout_without_card_payments_is_not_explained():
    assert money.cards_paid_out(came(9_900, name="STRIPE"), known()) is None


def test_a_payout_without_a_fee_is_surer():
    cards = [card(4_000, 8), card(6_000, 8)]
    found = money.cards_paid_out(came(10_000, name="STRIPE"), known(cards=cards))

    assert found is not None
    assert (found.score, found.difference, found.difference_kind) == (92, 0, "")
    assert codes(found) == ["cards", "unmatched"]


def test_a_payout_less_a_fee_says_which_share_it_is():
    cards = [card(4_000, 8), card(6_000, 8)]
    line = came(9_850, name="STRIPE")
    found = money.cards_paid_out(line, known(cards=cards))

    assert found is not None
    assert (found.score, found.difference, found.difference_kind) == (84, -150, "fee")
    assert found.reasons[1].values == {"share": "1.50"}
    stated = came(9_850, "2 card payments", name="STRIPE")
    again = money.cards_paid_out(stated, known(cards=cards))
    assert again is not None
    assert again.score == 90


def test_no_provider_keeps_more_than_six_in_a_hundred():
    cards = [card(10_000, 1)]

    assert money.run_of(cards, 9_400, count=None) == cards
    assert money.run_of(cards, 9_399, count=None) == ()


def test_payments_are_paid_out_by_whole_days():
    cards = [card(5_000, 1), card(5_000, 1), card(7_000, 2)]

    assert money.run_of(cards, 4_900, count=None) == ()
    assert money.run_of(cards, 9_900, count=None) == cards[:2]
    assert money.run_of(cards, 16_900, count=None) == cards


def test_a_stated_count_is_kept_to_even_within_a_day():
    cards = [card(5_000, 1), card(5_000, 1), card(7_000, 2)]

    assert money.run_of(cards, 4_900, count=1) == cards[:1]
    assert money.run_of(cards, 9_900, count=1) == ()


def test_of_several_runs_the_one_with_the_least_fee_is_paid_out():
    dear, cheap = card(10_000, 1), card(9_900, 2)
    assert money.run_of([dear, cheap], 9_850, count=None) == [cheap]

    cheap, dear = card(9_900, 1), card(10_000, 2)
    assert money.run_of([cheap, dear], 9_850, count=None) == [cheap]


# Fees, and several numbers in one text


def test_what_the_bank_says_that_it_kept_is_a_fee_however_much():
    # 1000.00: at most 40.00 may be missing where nothing is said
    assert score.is_fee(4_000, 100_000, came(96_000))
    assert not score.is_fee(4_001, 100_000, came(95_999))
    assert score.is_fee(10_000, 100_000, came(90_000, charges=10_000))
    assert not score.is_fee(10_000, 100_000, came(90_000, charges=9_999))


def test_several_named_invoices_of_the_payer_are_paid_together():
    debts = [owed("INV-4711", 10_000), owed("INV-4712", 5_000)]
    line = came(15_000, "INV-4711, INV-4712", name="Oakfield Bakery")
    found = score.propose(line, known(*debts))

    assert found is not None
    assert (found.score, codes(found)) == (98, ["numbers", "amount", "name"])
    assert paid(found) == [(debts[0].id, 10_000), (debts[1].id, 5_000)]


def test_several_named_invoices_that_a_stranger_pays_are_to_be_checked():
    debts = [owed("INV-4711", 10_000), owed("INV-4712", 5_000)]
    line = came(15_000, "INV-4711, INV-4712", name="Somebody Quite Different")
    found = score.propose(line, known(*debts))

    assert found is not None
    assert (found.score, codes(found)) == (82, ["numbers", "amount"])


def test_named_invoices_of_two_clients_are_not_paid_together():
    debts = [owed("INV-4711", 10_000), owed("INV-4712", 5_000, by=ELM)]
    line = came(15_000, "INV-4711, INV-4712")

    assert score.propose(line, known(*debts)) is None


def test_of_several_named_invoices_the_one_of_that_amount_is_paid():
    debts = [owed("INV-4711", 10_000), owed("INV-4712", 5_000)]
    named = "INV-4711, INV-4712"
    for name, sure in (("Oakfield Bakery", 98), ("", 90)):
        found = score.propose(came(5_000, named, name=name), known(*debts))
        assert found is not None
        assert (found.score, paid(found)) == (sure, [(debts[1].id, 5_000)])


def test_of_two_clients_invoices_of_that_amount_the_payers_is_paid():
    debts = [owed("INV-4711", 5_000), owed("INV-4712", 5_000, by=ELM)]
    line = came(5_000, "INV-4711, INV-4712", name="Elmwood Printers")
    found = score.propose(line, known(*debts))

    assert found is not None
    assert (found.score, paid(found)) == (98, [(debts[1].id, 5_000)])


def test_of_several_named_invoices_the_payers_only_one_is_paid_in_part():
    debts = [owed("INV-4711", 10_000), owed("INV-4712", 5_000, by=ELM)]
    line = came(2_000, "INV-4711, INV-4712", name="Elmwood Printers")
    found = score.propose(line, known(*debts))

    assert found is not None
    assert (found.score, found.difference_kind, codes(found)) == (
        82,
        "part",
        ["number", "name", "part"],
    )
    assert paid(found) == [(debts[1].id, 2_000)]


def test_several_named_invoices_none_of_which_fits_are_left_alone():
    debts = [owed("INV-4711", 10_000), owed("INV-4712", 5_000)]
    line = came(2_000, "INV-4711, INV-4712", name="Oakfield Bakery")

    assert score.by_number(line, known(*debts)) is None


# What there is already, and whose turn it is


def test_a_payment_that_is_there_is_taken_once():
    row = Recorded(uuid7(), OAK, NAMES[OAK], 5_000, "EUR", DAY, "", "INV-4711")
    lines = [came(5_000, name="Oakfield Bakery"), came(5_000, name="Oakfield Bakery")]
    found = score.propose_all(lines, known(recorded=[row]))

    (only,) = found.values()
    assert (only.line_id, only.score, paid(only)) == (lines[0].id, 100, [(row.id, 5_000)])


def test_an_invoice_is_paid_once_and_the_next_line_is_judged_again():
    debts = [owed("INV-4711", 5_000, due_on=DAY), owed("INV-4712", 5_000)]
    lines = [came(5_000, "INV-4711", name="Oakfield Bakery"), came(5_000, name="Oakfield Bakery")]
    found = score.propose_all(lines, known(*debts))

    assert paid(found[lines[0].id]) == [(debts[0].id, 5_000)]
    assert paid(found[lines[1].id]) == [(debts[1].id, 5_000)]


def test_money_that_goes_back_is_told_by_its_reference_or_its_words():
    row = Returned(uuid7(), uuid7(), NAMES[OAK], 5_000, "EUR", DAY, "E2E-7", "INV-4711", NAMES[OAK])
    held = known(returned=[row])

    named = money.returned_by(came(-5_000, "RETURN AC04", end_to_end="E2E-7"), held)
    told = money.returned_by(came(-5_000, "RETURN AC04 INV-4711"), held)
    assert named is not None
    assert told is not None
    assert (named.score, told.score) == (90, 85)
    assert paid(told) == [(row.payment_id, -5_000)]
    assert money.returned_by(came(-5_000, "INV-4711"), held) is None
    assert money.returned_by(came(-5_001, "RETURN AC04 INV-4711"), held) is None


def test_the_other_side_of_a_transfer_is_an_account_of_ones_own():
    savings = uuid7()
    held = known(own_accounts={"DE02120300000000202051": savings}, own_names={savings: "Savings"})
    found = money.transferred(came(-500, account="de02 1203 0000 0000 2020 51"), held)

    assert found is not None
    assert (found.score, paid(found), found.parts[0].label) == (93, [(savings, -500)], "Savings")
    assert money.transferred(came(-500, account="DE89"), held) is None


def test_a_rule_applies_where_all_its_conditions_hold():
    name = {"field": "name", "op": "contains", "value": "Parcelway"}
    most = {"field": "amount", "op": "at_most", "value": "4000"}
    rule = RuleFact(uuid7(), "Postage", uuid7(), "Post", (name, most), "out", 3, True)
    held = known(rules=[rule])

    found = rules.ruled(came(-3_840, name="PARCELWAY DE"), held)
    assert found is not None
    assert (found.score, paid(found)) == (96, [(rule.id, -3_840)])
    assert rules.ruled(came(-4_001, name="PARCELWAY DE"), held) is None
    assert rules.ruled(came(-3_840, name="Somebody"), held) is None
    assert rules.ruled(came(3_840, name="PARCELWAY DE"), held) is None
    asked = rules.ruled(
        came(-3_840, name="Parcelway"), known(rules=[replace(rule, is_automatic=False)])
    )
    assert asked is not None
    assert asked.score == 60


def test_what_is_oldest_is_collected_first():
    # 30 + 20 = 50, and 40 + 10 too
    assert subset.subsets_of([30, 20, 40, 10], 50) == [(0, 1), (2, 3)]
    assert subset.subsets_of([30, 20, 40, 10], 55) == []


def test_a_fingerprint_keeps_to_the_words_and_not_to_their_spacing():
    told = {"booked_on": DAY, "amount": 100, "bank_reference": "B7", "end_to_end": "E7"}
    first = same.fingerprint(**told, said="March  rent")

    assert first == same.fingerprint(**told, said="MARCH RENT")
    assert first != same.fingerprint(**told, said="March rents")
    assert first != same.fingerprint(**{**told, "amount": 101}, said="March rent")


def test_what_takes_nothing_may_be_proposed_for_every_line():
    held = known(own_accounts={"DE89": uuid7()})
    lines = [came(500, account="DE89"), came(-500, account="DE89")]

    assert [one.kind for one in score.propose_all(lines, held).values()] == ["transfer"] * 2


def test_a_payment_recorded_by_hand_needs_more_than_the_same_amount():
    row = Recorded(uuid7(), OAK, NAMES[OAK], 5_000, "EUR", DAY, "", "INV-4711")

    assert score.recorded(came(5_000, "rent"), known(recorded=[row])) is None
    assert paid(score.recorded(came(5_000, "INV-4711"), known(recorded=[row]))) == [(row.id, 5_000)]


# One invoice, and who pays it


def test_a_number_counts_in_its_own_currency_only():
    assert (
        score.by_number(came(5_000, "INV-4711"), known(owed("INV-4711", 5_000, currency="CHF")))
        is None
    )


def test_a_named_invoice_is_paid_with_a_fee_taken_off_or_too_much():
    held = known(owed("INV-4711", 10_000))
    # at most 400 of 10 000 may be a fee
    less = score.propose(came(9_600, "INV-4711"), held)
    part = score.propose(came(9_599, "INV-4711"), held)
    more = score.propose(came(10_500, "INV-4711", name="Somebody Quite Different"), held)

    assert less is not None
    assert (less.score, less.difference_kind, less.difference) == (80, "fee", -400)
    assert part is not None
    assert (part.score, part.difference_kind) == (76, "part")
    assert more is not None
    assert (more.score, more.difference_kind, more.difference) == (68, "credit", 500)


def test_a_known_account_outweighs_the_name():
    held = known(owed("INV-4711", 5_000), partner_by_account={"DE89": OAK})
    found = score.propose(came(5_000, "4711", name="Holding X", account="de89"), held)

    assert found is not None
    assert (found.score, codes(found)) == (99, ["number", "account", "amount"])


def test_a_name_that_is_spelt_otherwise_agrees_with_the_number():
    held = known(owed("INV-4711", 5_000))
    found = score.propose(came(5_000, "INV-4711", name="Oakfield Bakery Berlin"), held)

    assert found is not None
    assert (found.score, codes(found)) == (98, ["number", "name", "amount"])


def test_the_payers_one_invoice_of_that_amount_is_surer_with_the_end_of_its_number():
    held = known(owed("2026-004711", 5_000))
    plain = score.by_partner(came(5_000, name="Oakfield Bakery"), held)
    hinted = score.by_partner(came(5_000, "no 4711", name="Oakfield Bakery"), held)

    assert plain is not None
    assert (plain.score, codes(plain)) == (84, ["name", "amount"])
    assert hinted is not None
    assert (hinted.score, codes(hinted)) == (88, ["tail", "name", "amount"])


def test_one_digit_wrong_or_two_swapped_are_a_hint():
    assert score.one_digit_off("2026471", "2026472")
    assert score.one_digit_off("2026471", "2026417")
    assert not score.one_digit_off("2026471", "2026534")
    assert not score.one_digit_off("2026471", "2016472")
    assert score.hinted(came(1, "2026471"), owed("2026-481", 1))


def test_of_the_payers_invoices_some_that_add_up_are_paid():
    debts = [owed(f"INV-{at}", left, due_on=DAY + timedelta(days=at)) for at, left in
             ((1, 3_000), (2, 2_000), (3, 700))]  # fmt: skip
    found = score.by_partner(came(2_700, name="Oakfield Bakery"), known(*debts))

    assert found is not None
    assert (found.score, codes(found)) == (78, ["name", "sum"])
    assert paid(found) == [(debts[1].id, 2_000), (debts[2].id, 700)]


def test_the_payers_invoice_that_is_nearest_is_paid_with_a_fee_or_in_part():
    one = owed("INV-4711", 10_000)
    fee = score.by_partner(came(9_700, name="Oakfield Bakery"), known(one, owed("INV-4712", 50)))
    part = score.by_partner(came(3_000, name="Oakfield Bakery"), known(one))

    assert fee is not None
    assert (fee.score, fee.difference, paid(fee)) == (64, -300, [(one.id, 10_000)])
    assert part is not None
    assert (part.score, codes(part), paid(part)) == (
        58,
        ["name", "only", "part"],
        [(one.id, 3_000)],
    )
    assert score.by_partner(came(10_001, name="Oakfield Bakery"), known(one)) is None


def test_a_name_that_is_alike_finds_the_invoice_of_that_amount():
    debts = [owed("2026-004711", 5_000, due_on=DAY), owed("2026-004712", 6_000)]
    one = score.by_amount(came(5_000, name="Oakfeild Bakery"), known(*debts))
    hinted = score.by_amount(came(5_000, "4711", name="Bakery Oakfiel"), known(*debts))

    assert one is not None
    assert (one.score, codes(one), paid(one)) == (80, ["name", "amount"], [(debts[0].id, 5_000)])
    assert hinted is not None
    assert hinted.score == 90


def test_of_one_clients_twins_the_oldest_is_paid():
    debts = [owed("2026-004711", 5_000), owed("2026-004712", 5_000, due_on=DAY)]
    found = score.by_amount(came(5_000, name="Oakfield Bakery & Sons"), known(*debts))

    assert found is not None
    assert (found.score, codes(found), paid(found)) == (70, ["oldest"], [(debts[1].id, 5_000)])
    known_payer = score.by_partner(came(5_000, "4711", name="Oakfield Bakery"), known(*debts))
    assert known_payer is not None
    assert (known_payer.score, paid(known_payer)) == (72, [(debts[0].id, 5_000)])


def test_a_stranger_with_the_end_of_a_number_and_its_amount_is_a_guess():
    held = known(owed("2026-004711", 5_000))
    found = score.by_amount(came(5_000, "no 4711", name="Holding X"), held)

    assert found is not None
    assert (found.score, codes(found)) == (74, ["tail", "amount"])
    assert score.by_amount(came(5_000, "no 4799", name="Holding X"), held) is None


def test_words_are_alike_through_one_wrong_letter_but_not_when_they_are_short():
    assert words.alike("ELM", "ELM")
    assert not words.alike("ELM", "ELK")
    assert words.alike("BAKERY", "BAKRY")
    assert words.alike("BAKER", "BAKERSTREET")
    assert not words.alike("BAKERY", "BREWER")
    assert not words.alike("BAKERY", "PRINTERS")
    assert words.letters(("OAK", "BAKERY"), ("BAKREY",)) == 6


def ordered(amount: int, *tokens: str, paid: bool = True, **changes: Any) -> Ordered:
    """An order that the bank carried out."""
    money = {"payment_id": uuid7()} if paid else {"payment_id": None, "disbursement_id": uuid7()}
    told = {"order_id": uuid7(), "partner_name": "Oakfield", "number": "INV-1", **money, **changes}
    return Ordered(amount=amount, tokens=frozenset(tokens), **told)


def test_a_returned_transfer_that_two_orders_may_be_is_left_to_a_person():
    one, two = ordered(50_00, "GROUP-0001", paid=False), ordered(50_00, "GROUP-0001", paid=False)
    line = came(50_00, "GROUP-0001")

    assert paid(returning.order_came_back(line, known(ordered=[one]))) == [(one.sent_id, 50_00)]
    assert returning.order_came_back(line, known(ordered=[one, two])) is None


def test_collected_orders_come_singly_or_in_one_sum_and_once():
    one, two = ordered(100_00, "ORDER-0001", "GROUP-0001"), ordered(50_00, "GROUP-0001")
    matched = ordered(10_00, "GROUP-0001", is_matched=True)
    books = known(ordered=[one, two, matched])

    assert orders.collected(came(100_00, "ORDER-0001"), books).parts[0].id == one.payment_id
    whole = orders.collected(came(150_00, "see GROUP-0001"), books)
    assert [part.amount for part in whole.parts] == [100_00, 50_00]
    assert orders.collected(came(150_00, "ORDER-0001"), books).reasons[0].code == "ordered"
    assert orders.collected(came(149_00, "GROUP-0001"), books) is None
    assert orders.collected(came(100_00, "nothing told"), books) is None
    books.taken.add(one.payment_id)
    assert orders.collected(came(100_00, "ORDER-0001"), books) is None


def test_transfers_go_out_singly_or_in_one_sum_and_nothing_else_does():
    one, two = ordered(100_00, "GROUP-0002", paid=False), ordered(50_00, "GROUP-0002", paid=False)
    books = known(ordered=[one, two])

    whole = orders.sent_out(came(-150_00, "GROUP-0002"), books)
    assert [part.amount for part in whole.parts] == [-100_00, -50_00]
    assert orders.sent_out(came(-149_00, "GROUP-0002"), books) is None
    assert orders.sent_out(came(-150_00, "of somebody"), books) is None


def test_a_returned_debit_may_cost_a_fee_and_others_are_passed_over():
    sent, one = ordered(50_00, "ORDER-0003", paid=False), ordered(100_00, "ORDER-0003")
    books = known(ordered=[sent, ordered(1_00, "ORDER-0009"), one])

    plain = orders.sent_back(came(-100_00, "ORDER-0003"), books)
    with_fee = orders.sent_back(came(-103_00, "ORDER-0003"), books)
    stated = orders.sent_back(came(-150_00, "ORDER-0003", charges=50_00), books)

    assert (plain.score, plain.difference) == (97, 0)
    assert (with_fee.score, with_fee.difference) == (90, -3_00)
    assert stated.difference_kind == "fee"
    assert orders.sent_back(came(-150_00, "ORDER-0003"), books) is None  # 50.00 is no fee
    assert orders.sent_back(came(-90_00, "ORDER-0003"), books) is None
