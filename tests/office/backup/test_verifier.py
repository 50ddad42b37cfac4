"""The verifier beside the archive: it proves what is whole and names whatever was changed."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.foundation.audit import calc
from tests import make
from tests.database import TestServer

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    """The file by itself, as somebody without Guilder has it."""
    from guilder.office.backup.exporting import VERIFIER

    spec = importlib.util.spec_from_file_location("guilder_verify", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def archive(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An organization with invoices, a payment and seals, exported."""
    from guilder.foundation.audit import operations as audit
    from guilder.office.backup import operations as backup

    by = make.make_world().alice
    client = make.client(by, name="Bar & Söhne GmbH")
    for _ in range(3):
        invoice = make.issued_invoice(by, client_id=client.id)
        audit.seal_organization(by.organization_id)
    make.payment(by, invoice, "50.00")
    target = tmp_path_factory.mktemp("archive") / "whole.zip"
    backup.export_organization(target, by=by, at=datetime.now(UTC))
    return target


def rewritten(archive: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy with a change, by somebody who made the manifest fit it."""
    with zipfile.ZipFile(archive) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    manifest = json.loads(files.pop("manifest.json"))
    manifest["files"] = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    ]
    with zipfile.ZipFile(target, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
        out.writestr("manifest.json", json.dumps(manifest))
    return target


def edit(table: str, row: int, change: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
    """A change of one row of a table."""

    def changed(files: dict[str, bytes]) -> None:
        name = f"tables/{table}.jsonl"
        lines = files[name].splitlines()
        content = json.loads(lines[row])
        change(content)
        lines[row] = json.dumps(content).encode()
        files[name] = b"\n".join(lines) + b"\n"

    return changed


def without(table: str, row: int) -> Callable[..., None]:
    """A row taken away."""

    def changed(files: dict[str, bytes]) -> None:
        name = f"tables/{table}.jsonl"
        lines = files[name].splitlines()
        del lines[row]
        files[name] = b"".join(one + b"\n" for one in lines)

    return changed


def told(verifier: ModuleType, path: Path) -> str:
    """Every fault in one text."""
    report = verifier.verify(str(path))
    return "\n".join(f"{one['where']}: {one['what']}" for one in report.faults)


def flip(text: str) -> str:
    """Hexadecimal digits with the last one changed."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def test_a_whole_archive_holds(verifier: ModuleType, archive: Path) -> None:
    report = verifier.verify(str(archive))

    assert report.faults == []
    assert report.counts["documents"] == 3
    assert report.counts["seals"] >= 3
    assert report.counts["audit entries"] > 5
    assert {"audit"} < set(report.heads)


def test_it_runs_alone_from_within_the_archive(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as source:
        source.extractall(tmp_path)

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "guilder_verify.py"), str(archive)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Everything holds.\n")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (edit("invoicing_issueddocument", 1, lambda row: row.update(document=flip(row["document"]))),
         "the document is not the one that was hashed"),
        (edit("invoicing_issueddocument", 1, lambda row: row.update(number="INV-X")),
         "its link is not made of what it links"),
        (edit("invoicing_issueddocument", 1, lambda row: row.update(issued_on="2020-01-01")),
         "its link is not made of what it links"),
        (edit("invoicing_issueddocument", 2,
              lambda row: row.update(previous_hash=flip(row["previous_hash"]))),
         "it is not linked to the document before it"),
        (edit("invoicing_issueddocument", 2, lambda row: row.update(chain_hash=flip(row["chain_hash"]))),
         "its link is not made of what it links"),
        (edit("invoicing_issueddocument", 0,
              lambda row: row.update(content_hash=flip(row["content_hash"]))),
         "the document is not the one that was hashed"),
        (without("invoicing_issueddocument", 1), "a number before this one is missing"),
        (without("invoicing_issueddocument", 2), "the counter has another head"),
        (edit("numbering_counter", 0, lambda row: row.update(chain_hash=flip(row["chain_hash"]))),
         "the counter"),
        (edit("audit_entry", 2, lambda row: row.update(action="nothing.done")), "the entry was changed"),
        (edit("audit_entry", 2, lambda row: row.update(at="2020-01-01T00:00:00+00:00")),
         "the entry was changed"),
        (edit("audit_entry", 2, lambda row: row.update(actor_name="Nobody")),
         "the entry's values were changed"),
        (edit("audit_entry", 2, lambda row: row.update(salt=flip(row["salt"]))),
         "the entry's values were changed"),
        (edit("audit_entry", 2, lambda row: row.update(values_hash=flip(row["values_hash"]))),
         "the entry was changed"),
        (edit("audit_entry", 2, lambda row: row.update(content_hash=flip(row["content_hash"]))),
         "the entry was changed"),
        (without("audit_entry", 2), "the entry is missing"),
        (edit("audit_seal", 1, lambda row: row.update(root=flip(row["root"]))),
         "the entries do not give the sealed root"),
        (edit("audit_seal", 1, lambda row: row.update(link=flip(row["link"]))),
         "the seal was changed"),
        (edit("audit_seal", 1, lambda row: row.update(previous_link=flip(row["previous_link"]))),
         "the link to the seal before is broken"),
        (edit("audit_seal", 1, lambda row: row["entries"].pop()), "the seal was changed"),
        (without("audit_seal", 1), "a seal before this one is missing"),
        (without("audit_seal", 0), "a seal before this one is missing"),
    ],
)  # fmt: skip
def test_a_planted_change_is_named_though_the_manifest_was_made_to_fit(
    verifier: ModuleType, archive: Path, tmp_path: Path, change: Any, named: str
) -> None:
    assert named in told(verifier, rewritten(archive, tmp_path / "b.zip", change))


def test_an_added_entry_is_named(verifier: ModuleType, archive: Path, tmp_path: Path) -> None:
    def planted(files: dict[str, bytes]) -> None:
        name = "tables/audit_entry.jsonl"
        row = json.loads(files[name].splitlines()[0])
        row["id"] = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
        files[name] += json.dumps(row).encode() + b"\n"

    found = told(verifier, rewritten(archive, tmp_path / "b.zip", planted))

    assert "no seal covers it, and it did not wait for one" in found


def test_a_changed_paper_is_named(verifier: ModuleType, archive: Path, tmp_path: Path) -> None:
    def planted(files: dict[str, bytes]) -> None:
        name = next(one for one in files if one.startswith("papers/"))
        files[name] = files[name].replace(b"119", b"991", 1)

    assert "the paper is not the issued document" in told(
        verifier, rewritten(archive, tmp_path / "b.zip", planted)
    )


def test_any_changed_byte_of_any_file_is_named(
    verifier: ModuleType, archive: Path, tmp_path: Path
) -> None:
    """Where the manifest was left alone: each file in turn, a byte in its middle."""
    with zipfile.ZipFile(archive) as source:
        files = {name: source.read(name) for name in source.namelist()}
    for name in [one for one in files if one != "manifest.json" and files[one]]:
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        target = tmp_path / "b.zip"
        with zipfile.ZipFile(target, "w") as out:
            for other, content in files.items():
                out.writestr(other, bytes(data) if other == name else content)

        assert f"{name}: the file is not the one" in told(verifier, target), name


def test_a_missing_and_an_added_file_are_named(
    verifier: ModuleType, archive: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(tmp_path / "b.zip", "w") as out:
        for name in source.namelist():
            if name != "members.jsonl":
                out.writestr(name, source.read(name))
        out.writestr("more.txt", b"more")

    found = told(verifier, tmp_path / "b.zip")

    assert "members.jsonl: the file is missing" in found
    assert "more.txt: the file is not in the manifest" in found


def test_a_history_cut_off_whole_is_seen_by_the_heads_of_then(
    verifier: ModuleType, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = tmp_path / "heads.json"
    assert verifier.main([str(archive), "--write-heads", str(heads)]) == 0
    assert verifier.main([str(archive), "--heads", str(heads)]) == 0

    def cut(files: dict[str, bytes]) -> None:
        """The last seal and its entries, as if they had never been."""
        seals = [json.loads(one) for one in files["tables/audit_seal.jsonl"].splitlines()]
        last = max(seals, key=lambda one: one["number"])
        gone = set(last["entries"])
        kept = [one for one in files["tables/audit_entry.jsonl"].splitlines()
                if json.loads(one)["id"] not in gone]  # fmt: skip
        files["tables/audit_entry.jsonl"] = b"".join(one + b"\n" for one in kept)
        files["tables/audit_seal.jsonl"] = b"".join(
            json.dumps(one).encode() + b"\n" for one in seals if one is not last
        )

    shorter = rewritten(archive, tmp_path / "b.zip", cut)

    assert verifier.main([str(shorter)]) == 0
    assert verifier.main([str(shorter), "--heads", str(heads)]) == 1
    assert "is no part of it any more" in capsys.readouterr().out


def test_what_is_no_archive_is_refused(verifier: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"nothing")

    assert verifier.main([str(tmp_path / "a.zip")]) == 2
    assert verifier.main([str(tmp_path)]) == 2


def test_erased_values_do_not_break_the_proof(
    verifier: ModuleType, archive: Path, tmp_path: Path
) -> None:
    def erased(row: dict[str, Any]) -> None:
        row.update(salt=None, before=None, after=None, actor_name="", address="")

    change = edit("audit_entry", 2, erased)

    assert told(verifier, rewritten(archive, tmp_path / "b.zip", change)) == ""


@settings(max_examples=200)
@given(value=VALUES)
def test_it_spells_values_as_the_house_does(verifier: ModuleType, value: Any) -> None:
    assert verifier.canonical(value) == calc.canonical(value)


@settings(max_examples=50)
@given(hashes=st.lists(st.binary(min_size=32, max_size=32), max_size=20))
def test_it_makes_the_house_s_roots(verifier: ModuleType, hashes: list[bytes]) -> None:
    assert verifier.merkle_root(hashes) == calc.merkle_root(hashes)


def test_it_imports_nothing_but_python(verifier: ModuleType) -> None:
    source = Path(str(verifier.__file__)).read_text()

    named = {line.split()[1] for line in source.splitlines() if line.startswith(("import", "from"))}

    assert named <= set(sys.stdlib_module_names)
