"""Reading the line grid's rows out of a posted form."""

from django.http import QueryDict

from guilder.faces.web.drafting.forms import lines_of


def test_rows_come_in_the_grids_order_not_in_their_keys():
    posted = QueryDict(
        "lines=b&lines=a&lines-a-name=Second&lines-b-name=First&lines-b-quantity=2&lines-b-unit=HUR"
    )

    rows = lines_of(posted)

    assert [row["name"] for row in rows] == ["First", "Second"]
    assert rows[0]["quantity"] == "2"
    assert rows[0]["key"] == "b"


def test_rows_that_nobody_typed_into_are_left_out():
    posted = QueryDict(
        "lines=a&lines=b&lines-a-name=Work&lines-b-name=+&lines-b-unit=C62&lines-b-quantity=1"
    )

    assert [row["key"] for row in lines_of(posted)] == ["a"]


def test_a_row_with_only_a_price_is_kept_so_that_its_fault_can_be_told():
    posted = QueryDict("lines=a&lines-a-unit_price=12")

    assert lines_of(posted)[0]["unit_price"] == "12"
