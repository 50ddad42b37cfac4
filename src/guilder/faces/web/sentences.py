"""What rooms say when they refuse, in the reader's language.

Rooms speak English, whole sentences with the values in them, and know nothing of readers. A
sentence without values is looked up as it stands; one with values is known again by its pattern,
which `make words` collects from the rooms into `locale/sentences.json`.
"""

import json
import re
from functools import cache
from pathlib import Path

from django.utils.translation import get_language, gettext

PATTERNS = Path(__file__).resolve().parents[2] / "locale/sentences.json"
GAP = re.compile(r"\\\{(\w+)\\\}")


def said(sentence: str) -> str:
    """The sentence in the language of now; in English where nobody has translated it."""
    if not sentence or (get_language() or "en").startswith("en"):
        return sentence
    found = gettext(sentence)
    if found != sentence:
        return found
    return _with_values(sentence) or sentence


def _with_values(sentence: str) -> str:
    for pattern, template in patterns():
        if match := pattern.fullmatch(sentence):
            words = gettext(template)
            values = {name: said(value) for name, value in match.groupdict().items()}
            return words.format_map(values) if words != template else ""
    return ""


@cache
def patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every sentence with values; the ones with most words of their own are tried first."""
    templates = json.loads(PATTERNS.read_text(encoding="utf-8"))
    templates.sort(key=lambda one: (-len(re.sub(r"\{\w+\}", "", one)), one))
    return [(pattern_of(one), one) for one in templates]


def pattern_of(template: str) -> re.Pattern[str]:
    """`Use at most {most} characters.` as an expression with a group for each gap."""
    return re.compile(GAP.sub(r"(?P<\1>.+?)", re.escape(template)), re.DOTALL)
