"""The elements of each narrow Factur-X profile, from its schema: python tools/profiles.py FOLDER.

FOLDER holds minimum/, basicwl/ and basic/ with the official schemas of Factur-X 1.0.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

OUT = Path("src/guilder/papers/exchange/formats/cii/writing/profiles")
XS = "{http://www.w3.org/2001/XMLSchema}"
PREFIXES = {
    "CrossIndustryInvoice": "rsm",
    "Reusable": "ram",
    "Unqualified": "udt",
    "Qualified": "qdt",
}
# What the schemas share among profiles and the rules of one call “not used in the given context”.
AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
NAMED = "ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:TradingBusinessName"
LEVEL = (
    "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
    "/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
)
UNUSED = {
    "minimum": (
        f"{AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress",
        f"{AGREEMENT}/ram:BuyerTradeParty/ram:SpecifiedTaxRegistration",
    ),
    "basicwl": (f"{AGREEMENT}/{NAMED}",),
    "basic": (
        f"{AGREEMENT}/{NAMED}",
        f"{LEVEL}/ram:CalculationPercent",
        f"{LEVEL}/ram:BasisAmount",
    ),
}


def prefix_of(namespace: str) -> str:
    return next(short for long, short in PREFIXES.items() if f":{long}" in namespace)


def types_in(folder: Path) -> dict[str, list[tuple[str, str, int]]]:
    """By prefixed type: prefixed element, its prefixed type, how often."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for path in folder.glob("*.xsd"):
        text = path.read_text(encoding="utf-8")
        names = dict(re.findall(r'xmlns:(\w+)="([^"]+)"', text))
        root = ElementTree.fromstring(text)
        own = prefix_of(root.get("targetNamespace", ""))

        def full(name: str, names: dict[str, str] = names) -> str:
            short, _, local = name.partition(":")
            known = names.get(short, "http")
            return local if known.startswith("http") else f"{prefix_of(known)}:{local}"

        for kind in root.iter(f"{XS}complexType"):
            rows = [
                (f"{own}:{e.get('name')}", full(e.get("type", "")), most(e))
                for e in kind.iter(f"{XS}element")
            ]
            found[f"{own}:{kind.get('name')}"] = rows
    return found


def most(element: ElementTree.Element) -> int:
    count = element.get("maxOccurs", "1")
    return 0 if count == "unbounded" else int(count)


def walk(types: dict[str, list[tuple[str, str, int]]], kind: str, path: str) -> list[str]:
    rows: list[str] = []
    for name, inner, count in types.get(kind, []):
        below = f"{path}/{name}"
        rows += [f"{below} {count}", *walk(types, inner, below)]
    return rows


def main() -> None:
    for name in ("minimum", "basicwl", "basic"):
        types = types_in(Path(sys.argv[1]) / name)
        root = "rsm:CrossIndustryInvoice"
        rows = [f"{root} 1", *walk(types, f"{root}Type", root)]
        unused = tuple(f"{root}/{path}" for path in UNUSED[name])
        rows = [row for row in rows if not row.startswith(unused)]
        if name == "minimum":  # the one in the paper's own currency
            rows = [row.replace("TaxTotalAmount 2", "TaxTotalAmount 1") for row in rows]
        head = f"# Factur-X 1.0 {name}: path and how often it may stand in its parent (0: any)\n"
        (OUT / f"{name}.txt").write_text(head + "\n".join(rows) + "\n", encoding="ascii")
        print(name, len(rows))


if __name__ == "__main__":
    main()
