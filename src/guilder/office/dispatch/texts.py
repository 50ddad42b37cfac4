"""The words that a mail starts with, by kind of paper and language."""

from functools import cache
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "templates" / "mail"
LANGUAGES = ("en", "de", "fr", "es", "nl", "ar")
REMINDERS = ("reminder_notice", "reminder_reminder", "reminder_demand", "reminder_final")
KINDS = ("invoice", "credit_note", "quote", "statement", "receipt", *REMINDERS)
RIGHT_TO_LEFT = {"ar"}

# Mail programs know no stylesheets, so the few rules stand on the elements.
PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body style="margin:0;padding:24px;background:#f6f5f2;color:#1b1a17">
<div style="max-width:560px;margin:0 auto;padding:28px 32px;background:#ffffff;border-radius:10px;\
font:15px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
{paragraphs}
</div>
</body>
</html>
"""
PARAGRAPH = '<p style="margin:0 0 16px">{}</p>'


def language_of(tag: str) -> str:
    """The language that there are words in for a BCP 47 tag; English for any other."""
    base = tag.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else "en"


def kind_of(kind: str) -> str:
    """Which words a kind of paper uses: deposits and debit notes are invoices to their reader."""
    return kind if kind in KINDS else "invoice"


@cache
def defaults(kind: str, language: str) -> tuple[str, str]:
    """(subject, text) of a kind in a language, as templates."""
    folder = FOLDER / language_of(language)
    name = kind_of(kind)
    return (
        (folder / f"{name}.subject.txt").read_text(encoding="utf-8").strip(),
        (folder / f"{name}.txt").read_text(encoding="utf-8"),
    )


def html_of(text: str, *, subject: str, language: str) -> str:
    """The plain text as a page: paragraphs and line breaks, everything escaped."""
    blocks = [block for block in text.strip().split("\n\n") if block.strip()]
    paragraphs = "\n".join(
        PARAGRAPH.format("<br>".join(escape(line) for line in block.splitlines()))
        for block in blocks
    )
    return PAGE.format(
        language=escape(language_of(language), quote=True),
        direction="rtl" if language_of(language) in RIGHT_TO_LEFT else "ltr",
        subject=escape(subject),
        paragraphs=paragraphs,
    )
