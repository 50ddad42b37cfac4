"""How commands talk: bars on terminals only, lines with --plain, codes that say how it went."""

import pytest

from guilder.faces.cli import talk


def test_codes_tell_all_some_and_none() -> None:
    assert talk.code_of(good=2, bad=0) == 0
    assert talk.code_of(good=1, bad=1) == 3
    assert talk.code_of(good=0, bad=1) == 1
    assert talk.code_of(good=0, bad=0) == 0


def test_plain_progress_is_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    with talk.progress("Working", 40, plain=True) as bar:
        for _ in range(40):
            bar.advance()

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [f"Working: {n} %" for n in range(0, 101, 10)]


def test_without_a_terminal_nothing_moves(capsys: pytest.CaptureFixture[str]) -> None:
    with talk.progress("Working", 4) as bar:
        bar.advance(4)

    assert capsys.readouterr() == ("", "")


def test_results_go_out_and_talk_goes_beside(capsys: pytest.CaptureFixture[str]) -> None:
    talk.result({"name": "Söhne"})
    talk.success("Done.")
    talk.failure("Not done.")
    talk.detail("Because.")

    told = capsys.readouterr()
    assert told.out == '{"name": "Söhne"}\n'
    assert told.err == "✓ Done.\n✗ Not done.\n  Because.\n"
