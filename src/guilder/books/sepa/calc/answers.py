"""Status reports of banks (pain.002): what became of a file, of its groups and of its orders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guilder.kernel import xml
from guilder.kernel.errors import Invalid
from guilder.kernel.xml import Element, Limits, local_name, namespace_of

NAMESPACE = re.compile(r"pain\.002\.001\.\d{2}", re.ASCII)
CODE = re.compile(r"[A-Z0-9]{4}", re.ASCII)
LIMITS = Limits(size=16 * 1024 * 1024, tags=1_000_000, quotes=1_000_000)
REFUSED = "RJCT"
MOST_ORDERS = 100_000


class UnreadableAnswer(Invalid):
    """The bytes are no status report that can be read."""

    code = "sepa.unreadable_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one order, or of a group (no `end_to_end`), or of the file (no `group`)."""

    status: str
    code: str = ""
    group: str = ""
    end_to_end: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the bank will not carry it out."""
        return self.status == REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A status report about the file `original`."""

    id: str
    original: str
    whole: Verdict
    parts: tuple[Verdict, ...] = ()


def read(data: bytes) -> Report:
    """The report in `data`. Raises UnreadableAnswer and kernel.xml's refusals."""
    root = xml.parse(data, limits=LIMITS)
    body = child(root, "CstmrPmtStsRpt")
    if NAMESPACE.search(namespace_of(root)) is None or body is None:
        raise UnreadableAnswer("This XML is no status report of a bank (pain.002).")
    about = child(body, "OrgnlGrpInfAndSts")
    original, name = text(about, "OrgnlMsgId"), text(body, "GrpHdr", "MsgId")
    if not original or not name or len(original) > 35 or len(name) > 35:
        raise UnreadableAnswer("The report does not say which file it is about.")
    parts = tuple(verdicts(body))
    if len(parts) > MOST_ORDERS:
        raise UnreadableAnswer(f"A report has at most {MOST_ORDERS:,} orders. Split it.")
    whole = Verdict(status=status_of(about, "GrpSts"), code=reason_of(about))
    return Report(id=name, original=original, whole=whole, parts=parts)


def verdicts(body: Element) -> Iterator[Verdict]:
    """What it says of groups and orders, in its order."""
    for group in children(body, "OrgnlPmtInfAndSts"):
        name = text(group, "OrgnlPmtInfId")
        status = status_of(group, "PmtInfSts")
        if status:
            yield Verdict(status=status, code=reason_of(group), group=name)
        for order in children(group, "TxInfAndSts"):
            yield Verdict(
                status=status_of(order, "TxSts"),
                code=reason_of(order),
                group=name,
                end_to_end=text(order, "OrgnlEndToEndId"),
            )


def status_of(node: Element | None, name: str) -> str:
    """A status code; "" where none is given."""
    found = text(node, name)
    return found if CODE.fullmatch(found) else ""


def reason_of(node: Element | None) -> str:
    """The first reason code; NARR where there are words only."""
    for reason in children(node, "StsRsnInf"):
        found = text(reason, "Rsn", "Cd")
        if CODE.fullmatch(found):
            return found
        if text(reason, "Rsn", "Prtry") or text(reason, "AddtlInf"):
            return "NARR"
    return ""


def children(node: Element | None, name: str) -> Iterator[Element]:
    """The children of `node` of that local name."""
    for one in node if node is not None else ():
        if local_name(one) == name:
            yield one


def child(node: Element | None, *path: str) -> Element | None:
    """The first element at `path` below `node`."""
    for name in path:
        node = next(children(node, name), None)
        if node is None:
            return None
    return node


def text(node: Element | None, *path: str) -> str:
    """The trimmed text of the first element at `path`, empty where there is none."""
    found = child(node, *path)
    return (found.text or "").strip() if found is not None else ""
