"""Official verdicts: our whole way against bare lxml and saxonche with the same schema and sheets.

Ours parses by the hardened reader, chooses the rules, crosses into the limited process and back,
and reads the report. The reference is the shortest program that asks the same: lxml for the schema,
saxonche for the sheet, in this very process. Runs alternate. The second record is how many papers
of the staged corpus (valid, at most 30 kB, every kind) one process judges in a second of its time.
"""

import csv
import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

from benchmarks.record import Result, result
from guilder.papers.exchange import judging
from guilder.papers.exchange.reading import read
from guilder.papers.exchange.rules import engine, live, packs

RUNS = 60
DAY = date(2026, 11, 1)  # XRechnung 2.6.0 judges since August
MOST_BYTES = 30 << 10
SHARED = Path(os.environ.get("GUILDER_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "conformance"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def measure() -> list[Result]:
    """The ratio of one warm verdict, papers a second, and the editor's own check; nothing without
    the staged files."""
    if not (CORPUS / "MANIFEST.csv").exists():
        return []
    return [one_verdict(), many_verdicts(), live_check()]


def one_verdict() -> Result:
    """A warm verdict by EN 16931 on a UBL invoice."""
    data = ubl_example()
    bare = Bare()
    ours: list[float] = []
    reference: list[float] = []
    for run in range(-10, RUNS):
        start = time.perf_counter()
        verdict = judging.judge(data, on=DAY, scenario="en16931-ubl")
        middle = time.perf_counter()
        found = bare.judge(data)
        end = time.perf_counter()
        if verdict.valid is not True or found:
            raise SystemExit("The example is not valid any more.")
        if run >= 0:
            ours.append((middle - start) * 1000)
            reference.append((end - middle) * 1000)
    return result(
        "verdict EN 16931 UBL, warm",
        ours=ours,
        reference=reference,
        reference_is="bare lxml and saxonche with the same sheets",
        target="≤ 1.3",
    )


def many_verdicts() -> Result:
    """Papers a second in one process, over 150."""
    chosen = packs.in_force(packs.all_packs(), on=DAY)
    papers = [data for data, _ in valid_papers()]
    for data in papers:
        engine.judge(data, chosen)
    rates: list[float] = []
    for _ in range(5):
        start = time.process_time()
        for data in papers:
            engine.judge(data, chosen)
        rates.append(len(papers) / (time.process_time() - start))
    return result(
        f"verdicts on {len(papers)} mixed papers ≤ 30 kB, one core",
        ours=rates,
        reference=[150.0] * len(rates),
        reference_is="150 papers a second",
        target="≥ 1",
        unit="papers/s",
    )


def live_check() -> Result:
    """What the editor asks of a draft of 100 lines at each rest of the keys, under 20 ms."""
    example, _ = next(pair for pair in valid_papers() if pair[1]["kind"] == "ubl-invoice")
    known = read(example).document
    line = known.lines[0]
    draft = replace(known, lines=tuple(replace(line, id=str(number)) for number in range(100)))
    taken: list[float] = []
    for run in range(-5, RUNS):
        start = time.perf_counter()
        live.check(draft, flavour="xrechnung")
        if run >= 0:
            taken.append((time.perf_counter() - start) * 1000)
    return result(
        "live check of a draft of 100 lines",
        ours=taken,
        reference=[20.0] * len(taken),
        reference_is="20 ms",
        target="≤ 1",
    )


class Bare:
    """The shortest program that asks the schema and the sheet."""

    def __init__(self) -> None:
        chosen = packs.in_force(packs.all_packs(), on=DAY)
        schema, sheet = (self._path(chosen, n) for n in ("schema-ubl-invoice", "en16931-ubl"))
        self.schema = etree.XMLSchema(etree.parse(schema))
        self.processor = PySaxonProcessor(license=False)
        compiler = self.processor.new_xslt30_processor()
        self.sheet = compiler.compile_stylesheet(stylesheet_file=sheet)

    def judge(self, data: bytes) -> list[str]:
        """What the sheet reports."""
        root = etree.fromstring(data)
        if not self.schema.validate(root):
            raise SystemExit("The example is not built as its schema wants it.")
        node = self.processor.parse_xml(xml_text=data.decode())
        report = etree.fromstring(self.sheet.transform_to_string(xdm_node=node).encode())
        return [one.get("id", "") for one in report.iter(f"{SVRL}failed-assert")]

    @staticmethod
    def _path(chosen: dict[str, packs.Pack], part: str) -> str:
        return str(chosen[part].folder / chosen[part].parts[part])


def ubl_example() -> bytes:
    """An official UBL invoice of about 12 kB."""
    sizes = [
        (abs(len(data) - (12 << 10)), data)
        for data, row in valid_papers()
        if row["kind"] == "ubl-invoice" and row["rulesets"] == "XSD+EN16931-UBL-1.3.16"
    ]
    return min(sizes, key=lambda pair: pair[0])[1]


def valid_papers() -> list[tuple[bytes, dict[str, str]]]:
    """The corpus' valid XML papers whose rules are at hand."""
    with (CORPUS / "MANIFEST.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {"ubl-invoice", "ubl-creditnote", "cii"}
    found = []
    for row in rows:
        fits = row["verified"] == "valid" and row["form"] == "full" and row["kind"] in kinds
        if not fits or "pint" in row["rulesets"] or "Peppol" in row["rulesets"]:
            continue
        data = (CORPUS / row["path"]).read_bytes()
        if len(data) <= MOST_BYTES:
            found.append((data, row))
    return found
