"""What looks like an account and is none is left out, on the page and in the data."""

from guilder.flows.intake.calc import accounts_in, accounts_of
from guilder.kernel.document import CreditTransfer, PaymentMeans
from tests.kernel.papers import line, paper

GOOD, WRONG = "DE89370400440532013000", "DE00370400440532013000"


def test_only_what_its_check_digits_vouch_for_is_an_account():
    assert accounts_in(f"Pay to {WRONG} or {GOOD}.") == {GOOD}
    assert accounts_in(f"IBAN {WRONG}") == frozenset()


def test_a_paper_may_name_accounts_that_are_no_ibans():
    transfers = tuple(CreditTransfer(account=one) for one in ("12-345", GOOD))
    means = PaymentMeans(code="58", transfers=transfers)

    assert accounts_of(paper(line(), payment=(means,))) == {GOOD}
