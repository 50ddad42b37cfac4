"""The documentation holds together: a page per room, no dead link, no stale list, decisions in order."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tools"))

import document  # noqa: E402  (tools/ is not a package)

PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)\s]*)?\)")


def test_every_room_has_a_page() -> None:
    missing = [name for name in document.rooms() if not (DOCS / f"rooms/{name}.md").exists()]

    assert not missing


def test_the_kernel_and_the_faces_have_theirs() -> None:
    faces = [path.parent.name for path in (ROOT / "src/guilder/faces").glob("*/__init__.py")]

    assert not [name for name in ["kernel", *faces] if not (DOCS / f"rooms/{name}.md").exists()]


def test_the_generated_lists_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert document.main(["--check"]) == 0, f"run `make docs`: {capsys.readouterr().out}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_link_is_dead(page: Path) -> None:
    targets = LINK.findall(page.read_text())

    assert not [target for target in targets if not (page.parent / target).exists()]


def test_decisions_are_numbered_without_a_gap_and_say_what_they_must() -> None:
    decisions = sorted((DOCS / "adr").glob("[0-9]*.md"))

    assert [page.name[:4] for page in decisions] == [
        f"{number:04d}" for number in range(1, len(decisions) + 1)
    ]
    for page in decisions:
        headings = re.findall(r"^## (\w+)", page.read_text(), re.M)
        assert headings == ["Situation", "Decision", "Cost"], page.name


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "adr/index.md").read_text()

    assert not [page.name for page in (DOCS / "adr").glob("[0-9]*.md") if page.name not in index]


def test_a_generated_list_is_put_between_its_marks() -> None:
    page = "# Room\n\n<!-- generated -->\nold\n<!-- end -->\n\nBy hand.\n"

    done = document.refreshed(page, "new")

    assert done == "# Room\n\n<!-- generated -->\n\nnew\n\n<!-- end -->\n\nBy hand.\n"
    assert document.refreshed(done, "new") == done
