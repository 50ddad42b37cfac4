"""`guilder reminders`: looking, then sending."""

import json
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner

from guilder.faces.cli.commands.reminders import command
from guilder.office.dunning import queries
from tests.make import World
from tests.office.dunning.reminding import due_invoice, ladder


def test_letters_are_looked_at_and_sent_once(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, datetime.now(UTC).date() - timedelta(days=7))
    options = ["--organization", str(world.organization)]

    def told(*words: str) -> str:
        answer = CliRunner().invoke(command, [*words, *options])
        assert answer.exit_code == 0, answer.output
        return answer.output

    [letter] = json.loads(told("preview", "--json"))
    assert letter["invoices"] == [invoice.number] and letter["total"] == "119.00"
    assert invoice.number in told("preview")
    assert queries.list_reminders(by=world.alice) == []
    assert told("run") == "1 sent.\n"
    assert told("run") == "0 sent.\n"
