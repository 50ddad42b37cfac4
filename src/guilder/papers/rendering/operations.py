"""Rendering: a Document becomes a PDF or a picture; looks and printed papers are kept."""

from guilder.papers.rendering.accounts import (
    Account,
    AccountRow,
    ReceiptPaper,
    StatementPaper,
    render_receipt,
    render_statement,
)
from guilder.papers.rendering.brand import Brand, brand_of, paper_words
from guilder.papers.rendering.codes import payment_code
from guilder.papers.rendering.glyphs import missing
from guilder.papers.rendering.keeping import keep_printed, set_logo, set_style
from guilder.papers.rendering.look import STYLES, Look, LookUnusable, check_look
from guilder.papers.rendering.mandates import MandatePaper, render_mandate
from guilder.papers.rendering.pictures import NotAPicture, square_picture
from guilder.papers.rendering.press import RenderFailed
from guilder.papers.rendering.printing import (
    NoSuchPage,
    page_count,
    render_pages,
    render_pdf,
    render_png,
)
from guilder.papers.rendering.raster import picture_of
from guilder.papers.rendering.reminders import (
    RateSpan,
    ReminderPaper,
    ReminderRow,
    render_reminder,
)
from guilder.papers.rendering.tables import PrintedSection, PrintedTable, render_table
from guilder.papers.rendering.taxcodes import TaxCode, tax_code_of

__all__ = (
    "STYLES",
    "Account",
    "AccountRow",
    "Brand",
    "Look",
    "LookUnusable",
    "MandatePaper",
    "NoSuchPage",
    "NotAPicture",
    "PrintedSection",
    "PrintedTable",
    "RateSpan",
    "ReceiptPaper",
    "ReminderPaper",
    "ReminderRow",
    "RenderFailed",
    "StatementPaper",
    "TaxCode",
    "brand_of",
    "check_look",
    "keep_printed",
    "missing",
    "page_count",
    "paper_words",
    "payment_code",
    "picture_of",
    "render_mandate",
    "render_pages",
    "render_pdf",
    "render_png",
    "render_receipt",
    "render_reminder",
    "render_statement",
    "render_table",
    "set_logo",
    "set_style",
    "square_picture",
    "tax_code_of",
)
