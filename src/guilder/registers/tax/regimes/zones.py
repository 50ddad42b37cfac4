"""The VAT territory of the Union, and the texts that its directive asks for."""

EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
# Northern Ireland (XI) is treated as in the Union for goods, as in the United Kingdom for services
# (Windsor Framework, annex 3).
NORTHERN_IRELAND = "XI"

# Directive 2006/112/EC: Art. 138 intra-Community supply, Art. 146 export, Art. 196 reverse charge;
# wording of reverse charge by Art. 226(11a). VATEX codes: CEF code list.
EXEMPTIONS = {
    "reverse_charge": ("VATEX-EU-AE", "Reverse charge (Art. 196 Directive 2006/112/EC)"),
    "intra_eu": (
        "VATEX-EU-IC",
        "Intra-Community supply, exempt (Art. 138 Directive 2006/112/EC)",
    ),
    "export": ("VATEX-EU-G", "Export outside the Union, exempt (Art. 146 Directive 2006/112/EC)"),
    "outside": (
        "VATEX-EU-O",
        "Not subject to VAT (place of supply: Art. 44 Directive 2006/112/EC)",
    ),
    "exempt": ("", "Exempt from VAT"),
}
