"""Reasons of chargebacks are said in words."""

import pytest

from guilder.faces.web.charges.reasons import reason_words


@pytest.mark.parametrize("code", ["fraudulent", "UNAUTHORISED"])
def test_a_reason_of_a_service_is_a_sentence(code: str) -> None:
    assert reason_words(code) == "The holder did not order it"


def test_a_reason_that_nobody_knows_stands_as_it_was_said() -> None:
    assert reason_words("4837_no_cardholder") == "4837 no cardholder"
