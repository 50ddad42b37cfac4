#!/usr/bin/env python3
"""Proves an archive that `guilder export` wrote: its documents, their chains, the audit seals.

    python guilder_verify.py ARCHIVE.zip [--heads OLD.json] [--write-heads NEW.json] [--json]

One file, for Python 3.8 or later, without anything else: no Guilder, no database, no network. It
changes nothing. Exit code 0: everything holds; 1: something does not, and is named; 2: it cannot be
read. ARCHIVE may also be the folder of an unpacked archive.

What is proved, and how:

- manifest: every file is the one that manifest.json names; none is missing, none was added.
- documents: each issued document is SHA-256 hashed and compared with its content hash; its chain
  hash is SHA-256 of "guilder-chain-1\\n", the previous chain hash, the length of the series (4
  bytes, big-endian) and the series, the length of the number and the number, the issue date, and
  the content hash; it follows the one before it; numbers of a series have no gap; the last one is
  the counter's head; papers/ holds the same bytes.
- audit: each entry's values hash is SHA-256 of its salt and the canonical JSON of [actor name,
  address, before, after] (skipped where personal values were erased together with their salt); its
  content hash covers the rest and the values hash; each seal has the Merkle root (RFC 6962, 2.1) of
  its entries and a link that covers the link before, its number, its count and its root; no entry
  is without a seal but those that waited for one.
- heads: with --heads, what an earlier run wrote down must still be part of this archive.
"""

# Written for every Python since 3.8, and for readers who know no other part of this house.
# ruff: noqa: B904, B905, PTH112, PTH118, PTH123, SIM115, UP031
# pyright: basic, reportArgumentType=false, reportCallIssue=false, reportOptionalMemberAccess=false

import argparse
import hashlib
import json
import os
import re
import sys
import zipfile

VERSION = 1
LABEL = b"guilder-chain-1\n"
GENESIS = bytes(32)
LEAF, NODE, LINK, FIRST = b"\x00", b"\x01", b"\x02", b"\x03"
MISSING = bytes(32)
MOST_TOLD = 200
TABLE = "tables/%s.jsonl"


class Unreadable(Exception):
    """The archive is none, or lacks what has to be read."""


class Archive:
    """The files of a zip archive or of a folder."""

    def __init__(self, path):
        self.folder = path if os.path.isdir(path) else None
        try:
            self.zip = None if self.folder else zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Unreadable("%s is no archive: %s" % (path, error))

    def names(self):
        """Every file."""
        if self.zip:
            return [one for one in self.zip.namelist() if not one.endswith("/")]
        walked = [(folder, name) for folder, _, names in os.walk(self.folder) for name in names]
        whole = [os.path.relpath(os.path.join(*one), self.folder) for one in walked]
        return [one.replace(os.sep, "/") for one in whole]

    def open(self, name):
        """A file to read; KeyError or OSError where it is missing."""
        if self.zip:
            return self.zip.open(name)
        return open(os.path.join(self.folder, *name.split("/")), "rb")

    def read(self, name):
        """The bytes of a file."""
        with self.open(name) as file:
            return file.read()

    def rows(self, table):
        """The rows of a table, one JSON object a line."""
        name = TABLE % table
        try:
            file = self.open(name)
        except (KeyError, OSError):
            raise Unreadable("%s is missing" % name)
        with file:
            for number, line in enumerate(file, start=1):
                try:
                    yield json.loads(line)
                except ValueError:
                    raise Unreadable("%s, line %d is no JSON" % (name, number))


class Report:
    """What was looked at, and what is wrong."""

    def __init__(self):
        self.faults = []
        self.counts = {}
        self.heads = {}

    def fault(self, where, what):
        """Something does not hold."""
        self.faults.append({"where": where, "what": what})

    def count(self, what, number=1):
        """So many were looked at."""
        self.counts[what] = self.counts.get(what, 0) + number


def verify(path, heads=None):
    """A Report on the archive at `path`. Raises Unreadable."""
    archive, report = Archive(path), Report()
    try:
        manifest = json.loads(archive.read("manifest.json"))
        organization = manifest["organization"]
        files = {one["name"]: one for one in manifest["files"]}
    except (KeyError, OSError, ValueError, TypeError):
        raise Unreadable("manifest.json is missing or cannot be read")
    prove_manifest(archive, files, report)
    for prove in (prove_documents, prove_audit):
        try:
            prove(archive, organization, report)
        except (Unreadable, KeyError, ValueError, TypeError, AttributeError) as error:
            report.fault(prove.__name__[6:], "cannot be read to its end: %r" % (error,))
    if heads is not None:
        prove_heads(heads, organization, report)
    return report


def prove_manifest(archive, files, report):
    """Every file is the one that was written, none is missing, none was added."""
    present = set()
    for name in archive.names():
        if name in present:
            report.fault(name, "the file is in the archive twice")
        present.add(name)
        if name not in files and name != "manifest.json":
            report.fault(name, "the file is not in the manifest")
    for name, told in sorted(files.items()):
        report.count("files")
        if name not in present:
            report.fault(name, "the file is missing")
            continue
        try:
            digest, size = hashed(archive, name)
        except Exception as error:  # a damaged stream has errors of its own
            report.fault(name, "the file is damaged: %s" % error)
            continue
        if (digest, size) != (told["sha256"], told["size"]):
            report.fault(name, "the file is not the one that the manifest names")


def hashed(archive, name):
    """(SHA-256 in hexadecimal digits, size) of a file."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def prove_documents(archive, organization, report):
    """Documents are what was hashed, linked one to the next, without a gap."""
    chains, papers = {}, {}
    for row in archive.rows("invoicing_issueddocument"):
        report.count("documents")
        number, document = row["number"], unhex(row["document"])
        papers[paper_name(number)] = document
        if row["organization_id"] != organization:
            report.fault(number, "the document belongs to another organization")
        if hashlib.sha256(document).digest() != unhex(row["content_hash"]):
            report.fault(number, "the document is not the one that was hashed")
        if row["series_id"] is not None:
            chains.setdefault((row["series_id"], row["period"]), []).append(row)
    prove_papers(archive, papers, report)
    counters = {(one["series_id"], one["period"]): one for one in archive.rows("numbering_counter")}
    for place in sorted(set(chains) | set(counters)):
        prove_chain(chains.get(place, []), counters.get(place), report)


def prove_chain(rows, counter, report):
    """One series in one period: links, order, no gap, and the counter's head."""
    rows.sort(key=lambda row: row["sequence"])
    previous, last = GENESIS, None
    for row in rows:
        number = row["number"]
        if last is not None and row["sequence"] != last["sequence"] + 1:
            report.fault(number, "a number before this one is missing")
        if unhex(row["previous_hash"]) != previous:
            report.fault(number, "it is not linked to the document before it")
        if chain_hash(row) != unhex(row["chain_hash"]):
            report.fault(number, "its link is not made of what it links")
        if last is not None and row["issued_on"] < last["issued_on"]:
            report.fault(number, "it is dated before the document before it")
        previous, last = unhex(row["chain_hash"]), row
    if counter is None:
        return report.fault(rows[0]["series_code"], "the series has no counter")
    if last is None:  # a series of quotes has no chain
        if unhex(counter["chain_hash"]) != GENESIS:
            report.fault(counter["id"], "every document of this counter's series is missing")
        return None
    if counter["last_value"] != last["sequence"] or unhex(counter["chain_hash"]) != previous:
        report.fault(last["number"], "the counter has another head: documents after it are missing")
    name = ("series %s %s" % (last["series_code"], last["period"])).strip()
    links = [unhex(row["chain_hash"]).hex() for row in rows]
    report.heads[name] = {"number": last["number"], "link": links[-1], "links": links}
    return None


def chain_hash(row):
    """The link of a document to the one before it."""
    return hashlib.sha256(
        LABEL
        + unhex(row["previous_hash"])
        + measured(row["series_code"])
        + measured(row["number"])
        + row["issued_on"].encode("ascii")
        + unhex(row["content_hash"])
    ).digest()


def measured(text):
    """A text in UTF-8 behind its length in four bytes."""
    data = text.encode("utf-8")
    return len(data).to_bytes(4, "big") + data


def prove_papers(archive, papers, report):
    """papers/ holds what the table holds."""
    present = {name for name in archive.names() if name.startswith("papers/")}
    for name in sorted(present | set(papers)):
        if name not in papers:
            report.fault(name, "there is no issued document of that number")
        elif name not in present:
            report.fault(name, "the paper is missing")
        elif archive.read(name) != papers[name]:
            report.fault(name, "the paper is not the issued document")


def paper_name(number):
    """The file of a document's paper."""
    plain = "".join(one if one.isalnum() or one in "-_. " else "_" for one in number)[:120]
    return "papers/%s.json" % plain


def prove_audit(archive, organization, report):
    """Entries are what was sealed; seals are linked; nothing stands outside."""
    entries, sealed = {}, set()
    for row in archive.rows("audit_entry"):
        report.count("audit entries")
        entries[row["id"]] = unhex(row["content_hash"])
        for fault in entry_faults(row, organization):
            report.fault("audit entry %s" % row["id"], fault)
    seals = sorted(archive.rows("audit_seal"), key=lambda row: row["number"])
    previous = hashlib.sha256(FIRST + unhex(organization.replace("-", ""))).digest()
    expected, links = 1, []
    for row in seals:
        report.count("seals")
        for fault in seal_faults(row, entries, previous=previous, expected=expected):
            report.fault("seal %d" % row["number"], fault)
        for entry in row["entries"]:
            if entry in sealed:
                report.fault("audit entry %s" % entry, "two seals cover it")
            if entry not in entries:
                report.fault("audit entry %s" % entry, "the entry is missing")
            sealed.add(entry)
        previous, expected = unhex(row["link"]), row["number"] + 1
        links.append(previous.hex())
    waiting = {row["entry_id"] for row in archive.rows("audit_unsealed")}
    for entry in sorted(set(entries) - sealed - waiting):
        report.fault("audit entry %s" % entry, "no seal covers it, and it did not wait for one")
    report.count("entries that waited for a seal", len(waiting & set(entries) - sealed))
    if links:
        report.heads["audit"] = {"number": len(links), "link": links[-1], "links": links}


def entry_faults(row, organization):
    """What is wrong with one entry by itself."""
    if row["organization_id"] != organization:
        yield "it belongs to another organization"
    values = unhex(row["values_hash"])
    told = [
        row["organization_id"], instant(row["at"]), row["actor_id"], row["key_id"],
        row["source"], row["request_id"], row["action"], row["table_name"], row["row_id"],
    ]  # fmt: skip
    spelled = (row["id"], row["id"].replace("-", ""))  # as it once was, for many at once
    found = [hashlib.sha256(canonical([one, *told]) + values).digest() for one in spelled]
    if unhex(row["content_hash"]) not in found:
        yield "the entry was changed"
    if row["salt"] is None:
        if row["before"] is not None or row["after"] is not None:
            yield "its values stand there though their salt was erased"
        return
    erasable = [row["actor_name"], row["address"], row["before"], row["after"]]
    if hashlib.sha256(unhex(row["salt"]) + canonical(erasable)).digest() != values:
        yield "the entry's values were changed"


def seal_faults(row, entries, previous, expected):
    """What is wrong with one seal."""
    if row["number"] != expected:
        yield "a seal before this one is missing"
    elif unhex(row["previous_link"]) != previous:
        yield "the link to the seal before is broken"
    root = merkle_root([entries.get(one, MISSING) for one in row["entries"]])
    if root != unhex(row["root"]):
        yield "the entries do not give the sealed root"
    head = row["number"].to_bytes(8, "big") + len(row["entries"]).to_bytes(8, "big")
    link = hashlib.sha256(LINK + unhex(row["previous_link"]) + head + unhex(row["root"])).digest()
    if link != unhex(row["link"]):
        yield "the seal was changed"


def merkle_root(hashes):
    """The root over hashes in their order; an odd one at the end moves up unhashed."""
    level = [hashlib.sha256(LEAF + one).digest() for one in hashes]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        above = [hashlib.sha256(NODE + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0] if level else hashlib.sha256(b"").digest()


def prove_heads(heads, organization, report):
    """What was written down earlier is still part of this history."""
    if heads.get("organization") != organization:
        report.fault("heads", "they were written down of another organization")
        return
    for name, old in sorted(heads["heads"].items()):
        known = report.heads.get(name, {"links": []})
        if old["link"] not in known["links"]:
            report.fault(name, "its head of then (%s) is no part of it any more" % old["number"])


def canonical(value):
    """One spelling of a JSON value: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def instant(text):
    """An instant as it is hashed: in UTC, with microseconds, without a zone."""
    found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00:00|Z)$", text)
    if not found:
        raise ValueError("%r is no instant in UTC" % text)
    return "%s.%s" % (found.group(1), (found.group(2) or "").ljust(6, "0"))


def unhex(text):
    """The bytes of hexadecimal digits, with or without \\x before them."""
    return bytes.fromhex(text[2:] if text.startswith("\\x") else text)


def written(report, organization):
    """The heads as they are kept: the last link of each chain only."""
    heads = {
        name: {key: one[key] for key in ("number", "link")} for name, one in report.heads.items()
    }
    return {"version": VERSION, "organization": organization, "heads": heads}


def main(arguments):
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(description="Proves an archive of Guilder.")
    parser.add_argument("archive", help="the zip archive, or its folder")
    parser.add_argument("--heads", metavar="FILE", help="heads that an earlier run wrote")
    parser.add_argument("--write-heads", metavar="FILE", help="write this archive's heads")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    try:
        old = json.loads(open(chosen.heads, "rb").read()) if chosen.heads else None
        report = verify(chosen.archive, old)
        organization = json.loads(Archive(chosen.archive).read("manifest.json"))["organization"]
    except (Unreadable, OSError, ValueError) as error:
        sys.stderr.write("%s\n" % error)
        return 2
    heads = written(report, organization)
    if chosen.write_heads:
        with open(chosen.write_heads, "w", encoding="utf-8") as file:
            json.dump(heads, file, indent=1, sort_keys=True)
    told = {"ok": not report.faults, "counts": report.counts, "faults": report.faults}
    sys.stdout.write(json.dumps({**told, **heads}) + "\n" if chosen.json else sentences(report))
    return 1 if report.faults else 0


def sentences(report):
    """The report for people."""
    lines = ["%-32s %d" % (what, number) for what, number in report.counts.items()]
    heads = sorted(report.heads.items())
    lines += ["%-32s %s  %s" % (name, one["number"], one["link"]) for name, one in heads]
    lines += ["BROKEN  %s: %s" % (one["where"], one["what"]) for one in report.faults[:MOST_TOLD]]
    lines.append("%d faults." % len(report.faults) if report.faults else "Everything holds.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
