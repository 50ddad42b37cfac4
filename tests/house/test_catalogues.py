"""The catalogues are whole: nothing untranslated, the same gaps, one word for one thing."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "src/guilder/locale"
WHOLE = ("de", "es", "fr", "nl")  # English is the language of the sources
GAP = re.compile(r"%\(\w+\)s|\{\w*\}")
PERCENT = re.compile(r"%\(\w+\)s|%%")
# English word of the glossary → its one word in each language, as it begins in any form.
GLOSSARY: dict[str, dict[str, Any]] = {
    r"invoices?": {"de": "rechnung", "es": "factura", "fr": "facture", "nl": "factu"},
    r"credit notes?": {"de": "gutschrift", "es": "abono", "fr": "avoir", "nl": "creditnota"},
    r"quotes?": {"de": "angebot", "es": "presupuesto", "fr": "devis", "nl": "offerte"},
    r"clients?": {"de": "kunde", "es": "cliente", "fr": "client", "nl": "klant"},
    r"payments?": {"de": "zahl", "es": "pago", "fr": "paiement", "nl": "beta"},
    r"drafts?": {"de": "entw", "es": "borrador", "fr": "brouillon", "nl": "concept"},
    r"items?": {"de": "artikel", "es": "artículo", "fr": "article", "nl": "artikel"},
    r"suppliers?": {"de": "lieferant", "es": "proveedor", "fr": "fournisseur", "nl": "leverancier"},
    r"overdue": {"de": "überfällig", "es": "vencida", "fr": "retard", "nl": "achterstallig"},
    r"settings": {"de": "einstellung", "es": "ajustes", "fr": "paramètres", "nl": "instelling"},
    # The client's and the bank's: Spanish and Dutch have a word for each.
    r"statements?": {
        "de": ("kontoauszug", "kontoauszüge"), "es": ("estado de cuenta", "extracto"),
        "fr": "relevé", "nl": ("rekening", "afschrift"),
    },
    r"organizations?": {"de": "organisation", "es": "organizaci", "fr": "organisation", "nl": "organisatie"},
}  # fmt: skip
# Where English has the word for another thing: payment terms, item of a list, draft as a verb.
OTHER_SENSE = re.compile(
    r"payment (?:terms|code|page|discount)|early payment|late payment|demand for payment|quote it|clients quote|"
    r"open items?\b|credit note of|"
    r"terms|statement of|bank statement|is stated|paid|pro forma|debit note|deposit|search|"
    r"keywords|you invoice|to invoice in|invoice it|client (?:id|secret)|its client|split payment|returned test|ledger|client'?s? (?:number|reference)|e-invoice",
    re.IGNORECASE,
)


def messages(language: str) -> Iterator[Any]:
    """The messages of a catalogue, its head left out."""
    with (LOCALE / language / "LC_MESSAGES/django.po").open("rb") as source:
        yield from (one for one in read_po(source, locale=language) if one.id)


def forms(text: Any) -> tuple[str, ...]:
    """The singular and the plurals."""
    return (text,) if isinstance(text, str) else tuple(text)


def gaps(text: str, message: Any) -> set[str]:
    """What a text wants filled in."""
    if "python-brace-format" in message.flags:
        return {
            name or ""
            for _literal, name, _spec, _turn in Formatter().parse(text)
            if name is not None
        }
    return set(PERCENT.findall(text)) - ({"%%"} if "%%" not in str(message.id) else set())


@pytest.mark.parametrize("language", WHOLE)
def test_nothing_is_left_untranslated_or_fuzzy(language):
    missing = [one.id for one in messages(language) if not all(forms(one.string)) or one.fuzzy]

    assert missing == []


def test_arabic_has_the_shell_and_the_main_pages():
    ours = [
        one for one in messages("ar") if any("/faces/web/" in place for place, _ in one.locations)
    ]
    missing = [one.id for one in ours if not all(forms(one.string))]

    assert len(missing) <= len(ours) // 20


@pytest.mark.parametrize("language", [*WHOLE, "ar"])
def test_translations_have_the_gaps_of_the_original(language):
    wrong = []
    for one in messages(language):
        wanted = gaps(forms(one.id)[-1], one)
        for text in forms(one.string):
            if (text and not gaps(text, one) <= wanted | gaps(forms(one.id)[0], one)) or (
                text and isinstance(one.id, str) and gaps(text, one) != wanted
            ):
                wrong.append((one.id, text))

    assert wrong == []


@pytest.mark.parametrize("language", [*WHOLE, "ar"])
def test_translations_begin_and_end_like_the_original(language):
    wrong = []
    for one in messages(language):
        for original, text in zip(forms(one.id), forms(one.string), strict=False):
            if text and (original[0].isspace(), original[-1].isspace()) != (
                text[0].isspace(),
                text[-1].isspace(),
            ):
                wrong.append(text)
            if text and original.endswith(".") and text[-1] not in ".)؟":
                wrong.append(text)

    assert wrong == []


@pytest.mark.parametrize("language", WHOLE)
def test_a_word_of_the_glossary_is_one_word_in_every_language(language):
    wrong = []
    for one in messages(language):
        for original, text in zip(forms(one.id), forms(one.string), strict=False):
            plain = GAP.sub("", original)
            if not text or OTHER_SENSE.search(plain):
                continue
            wrong += [
                f"{word}: {original} → {text}"
                for word, told in GLOSSARY.items()
                if re.search(rf"\b{word}\b", plain, re.IGNORECASE)
                and not any(one in text.lower() for one in words_of(told[language]))
            ]

    assert wrong == []


def words_of(told: str | tuple[str, ...]) -> tuple[str, ...]:
    """One word, or any of several."""
    return (told,) if isinstance(told, str) else told


def test_formal_address_is_kept():
    informal = {
        "de": r"\b(?:du|dein\w*|dir|dich)\b",
        "fr": r"\b(?:tu|ton|tes|toi)\b",
        "es": r"\b(?:tú|tus?|contigo)\b",
        "nl": r"\b(?:je|jij|jouw|jullie)\b",
    }
    found = [
        text
        for language, pattern in informal.items()
        for one in messages(language)
        for text in forms(one.string)
        if re.search(pattern, text, re.IGNORECASE)
    ]

    assert found == []


@pytest.fixture(scope="module")
def catalogues():
    """tools/catalogues.py."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import catalogues
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return catalogues


def test_no_word_is_a_plural_here_and_plain_there(catalogues):
    """gettext keeps one entry for both, and the plain one is then never found."""
    found = [(words, context) for _place, words, context, _notes in catalogues.found()]
    plain = {(words, context) for words, context in found if isinstance(words, str)}

    assert [
        one for one in found if not isinstance(one[0], str) and (one[0][0], one[1]) in plain
    ] == []


def test_catalogues_fit_the_sources_and_are_compiled(catalogues):
    template = catalogues.collected()
    files = {catalogues.FOLDER / "sentences.json": catalogues.patterns()}
    for language in catalogues.LANGUAGES:
        files |= catalogues.written(language, catalogues.merged(language, template))

    assert [path.name for path, data in files.items() if path.read_bytes() != data] == []
