"""Changes that keep XML well-formed, so that readers are tried rather than the parser alone."""

import random
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

# Values that have broken readers of numbers, days, codes, references and enclosed files.
VALUES = (
    "", " ", "0", "-0", "-1", "00", "1e9", "1E-400", "1e999999", "NaN", "sNaN", "Infinity", "+1",
    "1,5", "1.2.3", "9" * 40, "0." + "9" * 60, "٣", "1_000", "½", "true", "no", "EUR", "XXX",
    "eur", "JPY", "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "20260230", "2026-11-21Z",
    "2026-11-21+14:00", "102", "610", "380", "381", "999", "ABIE", "DE", "ZZ", "DE123", "=", "====",
    "SGVsbG8", "é" * 200, "\u202e", "\ufffd", "&", "]]>", "#SKONTO#TAGE=99999#PROZENT=1e5#", "%s",
    "A" * 5000, "../..", "urn:cen.eu:en16931:2017", "S", "AE", "Z", "O", "100.001", "C62",
)  # fmt: skip


def mutated(data: bytes, others: list[bytes], seed: int) -> bytes | None:
    """The document with one to four changes; None where it is no XML."""
    chance = random.Random(seed)
    root = parsed(data)
    if root is None:
        return None
    for _ in range(chance.randint(1, 4)):
        change: Callable[[etree._Element, list[bytes], random.Random], None] = chance.choice(
            (say, say, say, drop, double, swap, mark, take)
        )
        change(root, others, chance)
    return etree.tostring(root)


def parsed(data: bytes) -> etree._Element | None:
    """The tree, where there is one."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def any_of(root: etree._Element, chance: random.Random) -> etree._Element:
    """One element."""
    return chance.choice(list(root.iter(etree.Element)))


def say(root: etree._Element, _others: list[bytes], chance: random.Random) -> None:
    """A leaf says something else."""
    leaves = [one for one in root.iter(etree.Element) if len(one) == 0]
    with_value(chance.choice(leaves), chance)


def with_value(node: etree._Element, chance: random.Random) -> None:
    """Another text; as XML allows it."""
    node.text = chance.choice(VALUES)


def drop(root: etree._Element, _others: list[bytes], chance: random.Random) -> None:
    """A branch is gone."""
    node = any_of(root, chance)
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def double(root: etree._Element, _others: list[bytes], chance: random.Random) -> None:
    """A branch is there twice."""
    node = any_of(root, chance)
    if node.getparent() is not None:
        node.addnext(deepcopy(node))


def swap(root: etree._Element, _others: list[bytes], chance: random.Random) -> None:
    """A branch stands elsewhere."""
    node, place = any_of(root, chance), any_of(root, chance)
    if node.getparent() is not None and place not in node.iter():
        place.append(node)


def mark(root: etree._Element, _others: list[bytes], chance: random.Random) -> None:
    """An attribute says something else, is gone, or is new."""
    node = any_of(root, chance)
    names = [*node.attrib, "schemeID", "currencyID", "unitCode", "format", "mimeCode", "listID"]
    name = chance.choice(names)
    if name in node.attrib and chance.random() < 0.3:
        del node.attrib[name]
    else:
        node.set(name, chance.choice(VALUES))


def take(root: etree._Element, others: list[bytes], chance: random.Random) -> None:
    """A branch of another document."""
    other = parsed(chance.choice(others))
    if other is not None:
        any_of(root, chance).append(deepcopy(any_of(other, chance)))
