"""Valid files whose stated totals are not what their own lines give: each with cause and figures.

The official rules do not multiply quantity by price (BT-131 is taken as it stands), allow the tax
of a row to be off by up to one unit (BR-CO-17), and miss some sums in CII. So a file can pass them
and still contradict itself. `cause` names the first place where the file's own arithmetic breaks;
test_corpus.py proves each of them from the raw XML, without our readers. The figures are (as the
file states, as its lines give).
"""

NOT_RETURNED = "line: a returned item has net −109.98, but its quantity is 6 and not −6"
PRICE_AS_BASE = "line: the base quantity repeats the price, so that price ÷ base is always 1"
TWICE = "line: quantity 2 at the price of the whole line"
FORINT = "line: nets are rounded to whole forints, which ISO 4217 gives two decimals"
GROSS_PRICES = "line: nets are quantity × the price with tax, the price given is the one without"
PARTIAL = "line: 20 × 2.77 is 55.40, stated is 55.46"
CENT = "line: the net is a cent off quantity × price"
OTHER_QUANTITY = "line: 30 × 143.75 is 4312.50, stated is the net of 33"
TAX_UP = "tax: 19 % of 3986.34 is 757.40, stated is 757.41 (taken out of a gross of 4743.75)"
ROW_LEFT_OUT = "row: a line or charge is taxed, but its category and rate have no tax row"
GROSS_WITHOUT_TAX = "gross: the total with tax repeats the total without"
NO_LINES = "lines: a MINIMUM file has none"
THIRD_PARTY = "third party: amounts collected for others are due, but stand on no line"

_RETURNED = {
    "line_net": ("229.60", "449.56"),
    "net": ("229.60", "449.56"),
    "tax": ("20.73", "33.93"),
    "gross": ("250.33", "483.49"),
    "due": ("250.33", "483.49"),
}
_TWICE = {
    "line_net": ("1436.50", "2709.50"),
    "net": ("1436.50", "2709.50"),
    "tax": ("365.28", "683.53"),
    "gross": ("1801.78", "3393.03"),
    "due": ("801.78", "2393.03"),
}
_FORINT = {
    "line_net": ("69180.00", "69179.33"),
    "net": ("69180.00", "69179.33"),
    "tax": ("18679.00", "18678.42"),
    "gross": ("87859.00", "87857.75"),
    "due": ("87859.00", "87857.75"),
}
_PARTIAL = {
    "line_net": ("180.76", "180.70"),
    "net": ("177.49", "177.43"),
    "tax": ("20.16", "20.15"),
    "gross": ("197.65", "197.58"),
    "due": ("147.65", "147.58"),
}
_INSURANCE = {
    "line_net": ("220.00", "184.87"),
    "net": ("220.00", "184.87"),
    "gross": ("220.00", "184.87"),
    "due": ("440.00", "404.87"),
}
_TAX_UP = {
    "tax": ("757.41", "757.40"),
    "gross": ("4743.75", "4743.74"),
    "due": ("4743.75", "4743.74"),
}
_ROW = {
    "tax": ("70.00", "131.75"),
    "gross": ("1395.00", "1456.75"),
    "due": ("1395.00", "1456.75"),
}
_WITHOUT_TAX = {"gross": ("314.86", "336.90"), "due": ("314.86", "336.90")}

X = "xrechnung-negative"
EXCEPTIONS: dict[str, tuple[str, dict[str, tuple[str, str | None]]]] = {
    "cen-examples/CII_business_example_01.xml": (
        PRICE_AS_BASE,
        {
            "line_net": ("1436.50", "251.00"),
            "net": ("1436.50", "251.00"),
            "tax": ("365.28", "62.90"),
            "gross": ("1801.78", "313.90"),
            "due": ("801.78", "-686.10"),
        },
    ),
    "cen-examples/CII_example9.xml": (
        PRICE_AS_BASE,
        {
            "line_net": ("147.00", "3.00"),
            "net": ("147.00", "3.00"),
            "tax": ("30.87", "0.63"),
            "gross": ("177.87", "3.63"),
            "due": ("177.87", "3.63"),
        },
    ),
    "cen-examples/CII_example1.xml": (NOT_RETURNED, _RETURNED),
    "cen-examples/guide-example1.xml": (NOT_RETURNED, _RETURNED),
    "cen-examples/ubl-tc434-example10.xml": (NOT_RETURNED, _RETURNED),
    "cen-examples/guide-example2.xml": (TWICE, _TWICE),
    "cen-examples/ubl-tc434-example2.xml": (TWICE, _TWICE),
    "cen-testfiles/ubl-tc434-test-1.xml": (TWICE, _TWICE),
    "cen-examples/ubl-tc434-example3.xml": (
        TWICE,
        {
            "line_net": ("1600.00", "3200.00"),
            "net": ("1700.00", "3300.00"),
            "tax": ("305.00", "585.00"),
            "gross": ("2005.00", "3885.00"),
            "due": ("2005.00", "3885.00"),
        },
    ),
    "cen-examples/huf_example_cii.xml": (FORINT, _FORINT),
    f"{X}/cii-br-co-17-and-br-s-09-rounding@ubl-br-co-17-and-br-s-09.xml": (FORINT, _FORINT),
    "cen-testfiles/BIS_Billing_30-Rantefaktura_Enkel.xml": (
        CENT,
        {
            "line_net": ("2416.16", "2416.15"),
            "net": ("2416.16", "2416.15"),
            "gross": ("2416.16", "2416.15"),
            "due": ("2416.00", "2415.99"),
        },
    ),
    f"{X}/cii-br-s-08-rounding-rule@0.xml": (
        CENT,
        {
            "line_net": ("268.88", "268.89"),
            "net": ("209.12", "209.13"),
            "gross": ("246.62", "246.63"),
            "due": ("10.00", "10.01"),
        },
    ),
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
    "facturx-xml/en16931-factur-x-23.xml": (
        GROSS_PRICES,
        {
            "line_net": ("1163.40", "1000.00"),
            "net": ("1163.40", "1000.00"),
            "gross": ("1163.40", "1000.00"),
            "due": ("1163.40", "1000.00"),
        },
    ),
    "zugferd-corpus/cii-EN16931_Kraftfahrversicherung_Bruttopreise.cii.xml": (
        GROSS_PRICES,
        _INSURANCE,
    ),
    "zugferd-corpus/ubl-EN16931_Kraftfahrversicherung_Bruttopreise.ubl.xml": (
        GROSS_PRICES,
        _INSURANCE,
    ),
    "zugferd-corpus/cii-EN16931_1_Teilrechnung.cii.xml": (PARTIAL, _PARTIAL),
    "zugferd-corpus/ubl-EN16931_1_Teilrechnung.ubl.xml": (PARTIAL, _PARTIAL),
    f"{X}/cii-br-de-tmp-32-bg-14-test@br-de-tmp-32-test-bg-14-1.xml": (TAX_UP, _TAX_UP),
    f"{X}/cii-br-de-tmp-32-bg-26-test@br-de-tmp-32-test-bg-26-1.xml": (TAX_UP, _TAX_UP),
    f"{X}/cii-br-dex-01-test@cii-valid-mime-code-BT-125-v1.xml": (TAX_UP, _TAX_UP),
    f"{X}/ubl-inv-br-de-tmp-32-bg-14-test@br-de-tmp-32-test-bg-14-1.xml": (TAX_UP, _TAX_UP),
    f"{X}/ubl-inv-br-de-tmp-32-bg-14-test@br-de-tmp-32-test-bg-14-2.xml": (TAX_UP, _TAX_UP),
    f"{X}/ubl-inv-br-de-tmp-32-bg-26-test@br-de-tmp-32-test-bg-26-1.xml": (TAX_UP, _TAX_UP),
    "pint/pint-sg-PINT-SG_INV_example_07_-_Foreign_buyer.xml": (
        ROW_LEFT_OUT,
        {
            "tax": ("0.00", "161.00"),
            "gross": ("23200.00", "23361.00"),
            "due": ("23200.00", "23361.00"),
        },
    ),
    f"{X}/ubl-cn-peppol-en16931-r054-1@ubl-cn-one-tax-total-without-tax-subtotals-correct.xml": (
        ROW_LEFT_OUT,
        _ROW,
    ),
    f"{X}/ubl-inv-peppol-en16931-r053-1@ubl-inv-correct.xml": (ROW_LEFT_OUT, _ROW),
    f"{X}/ubl-inv-peppol-en16931-r054-1@ubl-inv-one-tax-total-without-tax-subtotals-correct.xml": (
        ROW_LEFT_OUT,
        _ROW,
    ),
    f"{X}/ubl-inv-peppol-en16931-r054-2@ubl-inv-one-tax-total-without-tax-subtotals-correct-2.xml": (
        ROW_LEFT_OUT,
        _ROW,
    ),
    f"{X}/cii-br-53-test-1@cii-BT-111-should-exist-if-bt-6-exists-2.xml": (
        GROSS_WITHOUT_TAX,
        _WITHOUT_TAX,
    ),
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
    "xrechnung-testsuite/05.01a-INVOICE_ubl.xml": (
        THIRD_PARTY,
        {"due": ("366.86", "336.90")},
    ),
}
