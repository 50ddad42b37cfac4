"""The checks themselves: each sees the fault that it is there for, and lets the good pass."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import coverage_floor  # noqa: E402  (tools/ is not a package)
import licences  # noqa: E402
import migrations  # noqa: E402
import secret_scan  # noqa: E402
import skips  # noqa: E402
import words  # noqa: E402


@pytest.mark.parametrize(
    ("licence", "fine"),
    [
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("LGPL-3.0-only", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("GPL-3.0-or-later", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("AGPL-3.0-only", False),
        ("GNU Affero General Public License v3", False),
        ("MIT AND GPL-2.0-only", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_gpl_and_the_unknown_are_refused(licence: str, fine: bool) -> None:
    assert licences.acceptable(licence) is fine


def test_a_straight_line_of_migrations_passes() -> None:
    assert not migrations.faults({"0001_initial": [], "0002_guards": ["0001_initial"]})


@pytest.mark.parametrize(
    "room",
    [
        {"0001_a": [], "0002_b": ["0001_a"], "0002_c": ["0001_a"]},
        {"0001_a": [], "0003_b": ["0001_a"]},
        {"0001_a": [], "0002_b": []},
        {"0001_a": [], "0002_b": ["0001_a"], "0003_c": ["0001_a"], "0004_d": ["0002_b", "0003_c"]},
    ],
    ids=["fork", "gap", "two beginnings", "merge"],
)
def test_a_crooked_line_of_migrations_is_seen(room: dict[str, list[str]]) -> None:
    assert migrations.faults(room)


def report(*, missing: list[int], branches: list[list[int]], whole: int) -> dict:
    file = {"missing_lines": missing, "missing_branches": branches}
    return {
        "files": {"src/guilder/books/ledger/calc.py": file},
        "totals": {"percent_covered": whole},
    }


def test_coverage_holds_its_floors() -> None:
    assert not coverage_floor.faults(report(missing=[], branches=[], whole=90))
    assert coverage_floor.faults(report(missing=[7], branches=[], whole=99))
    assert coverage_floor.faults(report(missing=[], branches=[[3, 5]], whole=99))
    assert coverage_floor.faults(report(missing=[], branches=[], whole=89))


def test_the_halves_of_the_coverage_are_added_up() -> None:
    totals = {"num_statements": 70, "covered_lines": 60, "num_branches": 30, "covered_branches": 20}
    none = dict.fromkeys(totals, 0)
    halves = [{"files": {"a.py": 1}, "totals": totals}, {"files": {"b.py": 2}, "totals": none}]

    whole = coverage_floor.together(halves)

    assert whole == {"files": {"a.py": 1, "b.py": 2}, "totals": {"percent_covered": 80}}


JUNIT = """<testsuites><testsuite>
<testcase classname="tests.books.test_a" name="test_runs"/>
<testcase classname="tests.books.test_a" name="test_waits[x]"><skipped message="no browser"/></testcase>
</testsuite></testsuites>"""


def test_skipped_tests_are_found() -> None:
    assert skips.skipped(JUNIT) == [("tests.books.test_a.test_waits[x]", "no browser")]


def test_a_skip_must_be_on_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT)
    (tmp_path / "allowed.txt").write_text("# none\n")
    monkeypatch.setattr(skips, "ALLOWED", tmp_path / "allowed.txt")

    assert skips.main(str(tmp_path / "junit.xml")) == 1
    (tmp_path / "allowed.txt").write_text("tests.books.test_a.test_waits* | needs a browser\n")
    assert skips.main(str(tmp_path / "junit.xml")) == 0
    assert "test_waits[x]: no browser" in capsys.readouterr().out


def test_an_allowed_skip_needs_its_reason() -> None:
    with pytest.raises(SystemExit):
        skips.allowed("tests.a.test_b\n")


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "key = 'AKIA" + "ABCDEFGHIJKLMNOP'",
        "EMAIL_HOST_PASSWORD=abcd " + "efgh ijkl mnop",
        "token: ghp_" + "a" * 36,
    ],
)
def test_a_secret_is_seen(line: str) -> None:
    assert secret_scan.faults("file", line)
    assert not secret_scan.faults("file", line + "  # secret-scan: example")


@pytest.mark.parametrize(
    "line",
    [
        "see /wor" + "k/shared/notes",
        "# TO" + "DO later",
        "index = https://pyp" + "i.org/simple",
        "<<<<<<" + "< HEAD",
    ],
)
def test_a_word_that_does_not_belong_is_seen(line: str) -> None:
    assert words.faults("file", line)


def test_ordinary_words_pass() -> None:
    assert not words.faults(
        "file", "the work of /srv/guilder, homework/one, currency XXX\n=======x"
    )
