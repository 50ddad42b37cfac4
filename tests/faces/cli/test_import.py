"""`guilder import`: files are judged without a database, and become drafts with one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guilder.foundation.tenancy.transaction import transaction
from tests.faces.cli.papers import OURS, THEIRS, ubl
from tests.make import World


def run(*arguments: str) -> Result:
    from guilder.faces.cli.commands.import_ import command
    from guilder.faces.cli.main import Program

    program = Program()
    program.open = lambda: None  # type: ignore[method-assign]  (the tests' database is open)
    return CliRunner().invoke(command, list(arguments), obj=program)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def written(name: str = "a.xml", **changes: Any) -> str:
        path = tmp_path / name
        path.write_bytes(ubl(**changes))
        return str(path)

    return written


def test_a_check_prints_one_object_a_line(file: Any) -> None:
    good, bad = file(), file("b.xml", payable="120.00")

    result = run("--check", "--json", good, bad)

    first, second = lines(result)
    assert result.exit_code == 3
    assert (first["file"], first["kind"], first["ok"]) == (good, "ubl-invoice", True)
    totals = {"line_net": "100.00", "net": "100.00", "tax": "19.00", "gross": "119.00"}
    assert totals.items() <= first["totals"].items()
    assert set(first["totals"]) == set(first["stated"])
    assert second["ok"] is False
    assert (second["totals"]["due"], second["stated"]["due"]) == ("119.00", "120.00")
    assert [one["pointer"] for one in second["problems"]] == ["/totals/due"]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(file: Any, tmp_path: Path) -> None:
    (tmp_path / "c.xml").write_text("<nothing/>")

    result = run("--check", "--json", str(tmp_path / "none.xml"), str(tmp_path / "c.xml"), file())

    missing, foreign, good = lines(result)
    assert result.exit_code == 3
    assert missing["problems"][0]["code"] == "import.unreadable"
    assert foreign["problems"][0]["code"] == "exchange.foreign"
    assert good["ok"] is True
    assert run("--check", str(tmp_path / "none.xml")).exit_code == 1
    assert run("--check").exit_code == 2


def test_people_read_sentences(file: Any) -> None:
    result = run("--check", file(), file("b.xml", payable="120.00"))

    assert "a.xml (OLD-1): ubl-invoice, due 119.00 EUR" in result.stdout
    assert "Due is stated as 120.00, but the lines give 119.00." in result.stderr
    assert "1 of 2 agree with themselves." in result.stderr


def test_a_check_needs_neither_database_nor_django(file: Any, tmp_path: Path) -> None:
    path = file()
    code = (
        "import sys\n"
        "from guilder.faces.cli.main import main\n"
        "try:\n    main(['import', '--check', '--json', sys.argv[1]])\n"
        "finally:\n    assert 'django' not in sys.modules, 'Django was loaded'\n"
    )
    environment = {"PATH": os.environ["PATH"], "GUILDER_HOME": str(tmp_path / "no-home")}
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True
    assert not (tmp_path / "no-home").exists()


def test_a_paper_of_ours_becomes_a_draft_for_a_new_client(world: World, file: Any) -> None:
    from guilder.books.invoicing import queries
    from guilder.registers.parties import queries as partners

    whose = ("--json", "--organization", str(world.organization))
    [told] = lines(run(*whose, file()))

    assert told["ok"] is True
    assert (told["client"], told["client_is_new"]) == ("Bücher & Co", True)
    draft = queries.get_invoice(told["id"], by=world.alice)
    assert (draft.status, draft.due_amount, draft.number) == ("draft", 119_00, None)
    assert draft.paper["lines"][0]["item"]["name"] == "Work"
    with transaction(world.organization):
        client = partners.get_partner(world.organization, draft.partner_id, side="customer")
        assert [one.value for one in client.tax_ids.all()] == [THEIRS]
    [again] = lines(run(*whose, file(number="OLD-2", buyer_name="Renamed")))
    assert (again["client_id"], again["client_is_new"]) == (told["client_id"], False)


def test_whose_paper_it_is_is_told_by_tax_id_or_by_the_option(world: World, file: Any) -> None:
    whose = ("--json", "--organization", str(world.organization))

    [bill] = lines(run(*whose, file(seller=THEIRS, buyer=OURS)))
    [neither] = lines(run(*whose, file(seller="DE123456788")))
    [said] = lines(run(*whose, "--as", "invoice", file(seller="DE123456788")))

    assert (bill["ok"], bill["kind"], bill["client_is_new"]) == (True, "bill", True)
    assert neither["problems"][0]["code"] == "import.whose_side"
    assert said["ok"] is True


def test_a_paper_that_disagrees_with_itself_is_refused_unless_told(world: World, file: Any) -> None:
    whose = ("--json", "--organization", str(world.organization))
    wrong = file(payable="120.00")

    refused = run(*whose, wrong)
    taken = run(*whose, "--accept-differences", wrong)

    assert refused.exit_code == 1
    assert lines(refused)[0]["problems"][0]["code"] == "check.total"
    assert taken.exit_code == 0
    assert lines(taken)[0]["totals"]["due"] == "119.00"


def test_what_does_not_fit_is_left_out_or_kept_elsewhere_and_told(world: World, file: Any) -> None:
    from guilder.books.invoicing import queries
    from guilder.registers.parties import queries as partners

    path = file(due="2020-01-01", buyer="DE999999999", buyer_name="Two\nlines", item="W" * 500)
    [told] = lines(run("--json", "--organization", str(world.organization), path))

    assert told["ok"] is True
    assert {one["code"] for one in told["remarks"]} == {
        "import.due_date_past",
        "identifier.vat_id",
    }
    draft = queries.get_invoice(told["id"], by=world.alice)
    assert draft.due_on is None
    assert len(draft.paper["lines"][0]["item"]["name"]) == 400
    with transaction(world.organization):
        client = partners.get_partner(world.organization, draft.partner_id)
        numbers = [(one.scheme, one.value) for one in client.tax_ids.all()]
    assert client.name == "Two lines"
    assert numbers == [("other", "DE999999999")]


def test_a_client_of_another_organization_is_not_found(world: World, file: Any) -> None:
    [mine] = lines(run("--json", "--organization", str(world.organization), file()))
    [theirs] = lines(run("--json", "--organization", str(world.other), "--as", "invoice", file()))

    assert (mine["ok"], theirs["ok"]) == (True, True)
    assert theirs["client_is_new"] is True
    assert theirs["client_id"] != mine["client_id"]


def test_papers_of_an_earlier_system_become_history(
    world: World, file: Any, tmp_path: Path
) -> None:
    from guilder.books.invoicing import queries

    whose = ("--json", "--organization", str(world.organization), "--as", "history")
    listed = tmp_path / "open.csv"
    listed.write_text("OLD-1;19,00\nOLD-3;1\n")

    done = run(*whose, "--on", "2026-01-01", "--open", str(listed), file())

    taken, unmet = lines(done)
    assert done.exit_code == 3
    record = queries.get_invoice(taken["id"], by=world.alice)
    assert (record.number, record.is_history, record.open_amount) == ("OLD-1", True, 19_00)
    assert unmet["problems"][0]["code"] == "import.no_such_paper"
    assert run(*whose, file(number="OLD-2")).exit_code == 2
    assert run(*whose, "--open", str(tmp_path / "none.csv"), file()).exit_code == 2
    assert run(*whose[:-2], "--on", "2026-01-01", file()).exit_code == 2


def test_opening_balances_come_from_a_list_once(world: World, tmp_path: Path) -> None:
    listed = tmp_path / "balances.csv"
    listed.write_text("account;balance\n1200;100,50\n1000;25\n")
    whose = ("--organization", str(world.organization), "--as", "opening", "--on", "2026-01-01")

    first, second = run(*whose, str(listed)), run(*whose, str(listed))

    assert "2 accounts opened on 2026-01-01" in first.stdout
    assert second.exit_code == 1
    assert "posted once" in second.stderr
