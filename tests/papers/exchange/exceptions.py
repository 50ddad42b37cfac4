"""Valid files whose own figures do not follow from their lines: why, and what becomes of them.

The official rules do not multiply quantity by price (BT-131 is taken as it stands), allow the tax
of a row to be off by up to one unit (BR-CO-17), and miss some sums in CII. So a file can pass them
and still contradict itself. LIBERTIES are read as their lines or rows say that they were meant,
with a remark; EXCEPTIONS cannot be, and differ by exactly these figures: (as the file states, as
its lines give). The word before the colon names where the file's own arithmetic breaks;
test_corpus.py proves each from the raw XML, without our readers.
"""

OTHER_QUANTITY = "line: 30 × 143.75 is 4312.50, stated is the net of 33"
GROSS_WITHOUT_TAX = "gross: the total with tax repeats the total without"
TWICE = "line: quantity 2 at the price of the whole line"
NO_LINES = "lines: a MINIMUM file has none"

_TWICE = {
    "line_net": ("1436.50", "2709.50"),
    "net": ("1436.50", "2709.50"),
    "tax": ("365.28", "683.53"),
    "gross": ("1801.78", "3393.03"),
    "due": ("801.78", "2393.03"),
}
_WITHOUT_TAX = {"gross": ("314.86", "336.90"), "due": ("314.86", "336.90")}

X = "xrechnung-negative"
EXCEPTIONS: dict[str, tuple[str, dict[str, tuple[str, str | None]]]] = {
    f"{X}/cii-br-e-10-test-2@cencii-BR-E-10-test-2a.xml": (
        OTHER_QUANTITY,
        {
            "line_net": ("10781.25", "10350.00"),
            "net": ("10781.25", "10350.00"),
            "tax": ("2048.44", "1966.50"),
            "gross": ("12829.69", "12316.50"),
            "due": ("12829.69", "12316.50"),
        },
    ),
    "cen-examples/guide-example2.xml": (TWICE, _TWICE),
    "cen-examples/ubl-tc434-example2.xml": (TWICE, _TWICE),
    "cen-testfiles/ubl-tc434-test-1.xml": (TWICE, _TWICE),
    f"{X}/cii-peppol-en16931-r010@cii-BT-49-exists.xml": (GROSS_WITHOUT_TAX, _WITHOUT_TAX),
    f"{X}/cii-peppol-en16931-r020@cii-BT-34-exists.xml": (GROSS_WITHOUT_TAX, _WITHOUT_TAX),
    "facturx-xml/minimum-factur-x-2.xml": (
        NO_LINES,
        {
            "net": ("198.00", None),
            "tax": ("37.62", None),
            "gross": ("235.62", None),
            "due": ("235.62", None),
        },
    ),
}

# Path → (where its arithmetic breaks, the liberties that are taken).
_RETURNED = ("line", {"returned"})
_PER_PIECE = ("line", {"per_piece"})
_OTHER_TAX = ("line", {"other_tax"})
_ROUNDED = ("line", {"rounded_price"})
_FORINT = ("line", {"whole_units", "tax_rounded"})
_TAX_CENT = ("tax", {"tax_rounded"})
_NO_ROW = ("row", {"no_row"})
_WHOLE_LINE = ("line", {"whole_line"})
_NO_TAX_TOTAL = ("gross", {"no_tax_total"})
LIBERTIES: dict[str, tuple[str, set[str]]] = {
    "cen-examples/CII_business_example_01.xml": _PER_PIECE,
    "cen-examples/CII_example9.xml": _PER_PIECE,
    "cen-examples/CII_example1.xml": _RETURNED,
    "cen-examples/guide-example1.xml": _RETURNED,
    "cen-examples/ubl-tc434-example10.xml": _RETURNED,
    "cen-examples/ubl-tc434-example3.xml": _WHOLE_LINE,
    "facturx-xml/en16931-factur-x-23.xml": _OTHER_TAX,
    "zugferd-corpus/cii-EN16931_Kraftfahrversicherung_Bruttopreise.cii.xml": _OTHER_TAX,
    "zugferd-corpus/ubl-EN16931_Kraftfahrversicherung_Bruttopreise.ubl.xml": _OTHER_TAX,
    "cen-testfiles/BIS_Billing_30-Rantefaktura_Enkel.xml": _ROUNDED,
    f"{X}/cii-br-s-08-rounding-rule@0.xml": _ROUNDED,
    "zugferd-corpus/cii-EN16931_1_Teilrechnung.cii.xml": _ROUNDED,
    "zugferd-corpus/ubl-EN16931_1_Teilrechnung.ubl.xml": _ROUNDED,
    "cen-examples/huf_example_cii.xml": _FORINT,
    f"{X}/cii-br-53-test-1@cii-BT-111-should-exist-if-bt-6-exists-2.xml": _NO_TAX_TOTAL,
    f"{X}/cii-br-co-17-and-br-s-09-rounding@ubl-br-co-17-and-br-s-09.xml": _FORINT,
    f"{X}/cii-br-de-tmp-32-bg-14-test@br-de-tmp-32-test-bg-14-1.xml": _TAX_CENT,
    f"{X}/cii-br-de-tmp-32-bg-26-test@br-de-tmp-32-test-bg-26-1.xml": _TAX_CENT,
    f"{X}/cii-br-dex-01-test@cii-valid-mime-code-BT-125-v1.xml": _TAX_CENT,
    f"{X}/ubl-inv-br-de-tmp-32-bg-14-test@br-de-tmp-32-test-bg-14-1.xml": _TAX_CENT,
    f"{X}/ubl-inv-br-de-tmp-32-bg-14-test@br-de-tmp-32-test-bg-14-2.xml": _TAX_CENT,
    f"{X}/ubl-inv-br-de-tmp-32-bg-26-test@br-de-tmp-32-test-bg-26-1.xml": _TAX_CENT,
    "pint/pint-sg-PINT-SG_INV_example_07_-_Foreign_buyer.xml": _NO_ROW,
    f"{X}/ubl-cn-peppol-en16931-r054-1@ubl-cn-one-tax-total-without-tax-subtotals-correct.xml": (
        _NO_ROW
    ),
    f"{X}/ubl-inv-peppol-en16931-r053-1@ubl-inv-correct.xml": _NO_ROW,
    f"{X}/ubl-inv-peppol-en16931-r054-1@ubl-inv-one-tax-total-without-tax-subtotals-correct.xml": (
        _NO_ROW
    ),
    f"{X}/ubl-inv-peppol-en16931-r054-2@ubl-inv-one-tax-total-without-tax-subtotals-correct-2.xml": (
        _NO_ROW
    ),
}
