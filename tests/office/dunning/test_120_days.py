"""A hundred and twenty days of reminders with three outages of five: the exact ladder, no more."""

from datetime import date, timedelta

from guilder.office.backup import queries as backup
from guilder.office.dunning import operations, queries
from tests import make
from tests.make import World
from tests.office.dunning.reminding import due_invoice, ladder, noon

START = date(2025, 5, 1)
DAYS = [START + timedelta(days=one) for one in range(120)]
OUTAGES = {
    first + timedelta(days=one)
    for first in (date(2025, 5, 13), date(2025, 6, 6), date(2025, 7, 1))
    for one in range(5)
}
LINES_1190 = [make.line(quantity="10")]


def test_a_hundred_and_twenty_days_with_three_outages(world: World):
    by = world.alice
    ladder(by)
    pair, partly, prompt, promising, objecting = (
        make.client(by, name=name) for name in ("A pair", "B part", "C prompt", "D says", "E no")
    )
    for _ in range(2):
        due_invoice(by, date(2025, 5, 10), on=START, client_id=pair.id)
    part = due_invoice(by, date(2025, 6, 1), on=START, client_id=partly.id, lines=LINES_1190)
    later = date(2025, 7, 10)
    paid, promised, disputed = (
        due_invoice(by, later, on=START, client_id=one.id) for one in (prompt, promising, objecting)
    )
    dispute = None
    for day in DAYS:
        if day == date(2025, 6, 25):
            make.payment(by, part, "500.00", on=day)
        if day == date(2025, 7, 16):
            make.payment(by, paid, "119.00", on=day)
            about = {"invoice": str(disputed.id), "category": "quality"}
            dispute = operations.open_dispute(by=by, data=about, at=noon(day), today=day)
        if day == date(2025, 7, 20):
            about = {"invoice": str(promised.id), "until_on": "2025-08-10"}
            operations.promise_payment(by=by, data=about, at=noon(day), today=day)
        if day == date(2025, 8, 20) and dispute is not None:
            operations.settle_dispute(
                dispute.id, by=by, data={"outcome": "upheld"}, at=noon(day), today=day
            )
        if day not in OUTAGES:
            for _ in range(2):  # looking again sends nothing again
                operations.remind_due(by=by, on=day, at=noon(day))

    made = queries.list_reminders(by=by, limit=100, oldest_first=True)
    # Due on day 5, 19 and 33 after the due date; what falls into an outage comes the day after it;
    # each letter gives seven days, and none comes before those are over.
    assert [
        (f"{one.made_on:%m-%d}", one.partner_name, one.level, len(one.invoices), str(one.total))
        for one in made
    ] == [
        ("05-18", "A pair", 1, 2, "238.00"),  # 05-15 lies in the first outage
        # 2 × 0.70: 119 × 19 × 11.27 / 36500 = 0.698; fee 5
        ("05-29", "A pair", 2, 2, "244.40"),
        ("06-11", "B part", 1, 1, "1190.00"),  # 06-06 lies in the second
        # 2 × 1.21: 119 × 33 × 11.27 / 36500 = 1.2125; twice 40 euro
        ("06-12", "A pair", 3, 2, "320.42"),
        # 1190 × 19 × 11.27 / 36500 = 6.98; fee 5
        ("06-20", "B part", 2, 1, "1201.98"),
        # 1190 × 23 × 11.27 / 36500 = 8.4510, 690 × 6 × 11.27 / 36500 = 1.2783,
        # 690 × 6 × 10.27 / 36500 = 1.1649: 10.89; the 690.00 and 40 euro
        ("07-06", "B part", 3, 1, "740.89"),  # 07-04 lies in the third
        ("07-15", "C prompt", 1, 1, "119.00"),
        ("07-15", "D says", 1, 1, "119.00"),
        ("07-15", "E no", 1, 1, "119.00"),
        # after the promise: 119 × 32 × 10.27 / 36500 = 1.07; fee 5
        ("08-11", "D says", 2, 1, "125.07"),
        # 08-12, put off by the seven days of the letter before:
        # 119 × 40 × 10.27 / 36500 = 1.34; 40 euro
        ("08-19", "D says", 3, 1, "160.34"),
        # settled: the latest step and none of those before: 119 × 41 × 10.27 / 36500 = 1.37
        ("08-20", "E no", 3, 1, "160.37"),
    ]
    assert not [
        breach
        for proof in backup.verify(organization_id=world.organization)
        for breach in proof.breaches
    ]
