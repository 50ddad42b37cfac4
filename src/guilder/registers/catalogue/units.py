"""Units of measure: UNECE Recommendations 20 and 21, the codes that invoices use (BT-130)."""

# Code → English name. Any other code of three letters or digits at most is taken as given.
UNITS = {
    "C62": "piece", "H87": "piece", "EA": "each", "XPP": "piece (package)", "NAR": "article",
    "PR": "pair", "SET": "set", "DZN": "dozen", "CEN": "hundred", "MIL": "thousand",
    "HUR": "hour", "MIN": "minute", "SEC": "second", "DAY": "day", "WEE": "week", "MON": "month",
    "QAN": "quarter", "ANN": "year", "E49": "working day", "WM": "working month",
    "LS": "lump sum", "ACT": "activity", "E48": "service unit", "IE": "person", "LH": "labour hour",
    "MTR": "metre", "CMT": "centimetre", "MMT": "millimetre", "KMT": "kilometre", "INH": "inch",
    "FOT": "foot", "YRD": "yard", "SMI": "mile", "LM": "linear metre", "KTM": "kilometre (old)",
    "MTK": "square metre", "CMK": "square centimetre", "KMK": "square kilometre",
    "HAR": "hectare", "ARE": "are", "FTK": "square foot", "ACR": "acre", "INK": "square inch",
    "MTQ": "cubic metre", "CMQ": "cubic centimetre", "DMQ": "cubic decimetre", "LTR": "litre",
    "MLT": "millilitre", "CLT": "centilitre", "DLT": "decilitre", "HLT": "hectolitre",
    "GLL": "US gallon", "GLI": "imperial gallon", "PTI": "imperial pint", "OZA": "US fluid ounce",
    "KGM": "kilogram", "GRM": "gram", "MGM": "milligram", "TNE": "tonne", "DTN": "decitonne",
    "LBR": "pound", "ONZ": "ounce", "CGM": "centigram", "HGM": "hectogram", "STN": "short ton",
    "KWH": "kilowatt hour", "MWH": "megawatt hour", "WHR": "watt hour", "GWH": "gigawatt hour",
    "KWT": "kilowatt", "MAW": "megawatt", "WTT": "watt", "KVA": "kilovolt-ampere", "VLT": "volt",
    "AMP": "ampere", "AMH": "ampere hour", "JOU": "joule", "KJO": "kilojoule", "3B": "megajoule",
    "GV": "gigajoule", "BTU": "British thermal unit", "KVR": "kilovar", "K3": "kilovar hour",
    "AD": "byte", "2P": "kilobyte", "4L": "megabyte", "E34": "gigabyte", "E35": "terabyte",
    "A99": "bit", "C36": "mole", "CEL": "degree Celsius", "BAR": "bar", "PAL": "pascal",
    "KPA": "kilopascal", "NEW": "newton", "HTZ": "hertz", "KHZ": "kilohertz", "MHZ": "megahertz",
    "P1": "percent", "59": "part per million", "D61": "minute of angle", "DD": "degree of angle",
    "LUM": "lumen", "LUX": "lux", "CDL": "candela", "OHM": "ohm", "FAR": "farad",
    "KMH": "kilometre per hour", "MTS": "metre per second", "KMQ": "kilogram per cubic metre",
    "E51": "job", "E52": "run", "E53": "test", "E54": "trip", "E55": "use",
    "E50": "accounting unit",
    "5I": "standard cubic foot", "NCL": "number of cells", "NMP": "number of packs",
    "NPR": "number of pairs", "NPT": "number of parts", "NRL": "number of rolls", "NIU": "unit",
    "RM": "ream", "ST": "sheet", "PG": "plate", "RO": "roll", "TU": "tube", "CT": "carton",
    "BG": "bag", "BX": "box", "PK": "pack", "PF": "pallet", "KT": "kit", "LO": "lot", "D63": "book",
    "XBX": "box (package)", "XCT": "carton (package)", "XBG": "bag (package)", "XBE": "bundle",
    "XBO": "bottle", "XCA": "can", "XCS": "case", "XPK": "package", "XPA": "packet", "XPL": "pail",
    "XPX": "pallet (package)", "XRO": "roll (package)", "XSA": "sack", "XST": "sheet (package)",
    "XTU": "tube (package)", "XUN": "unit (package)", "XDR": "drum", "XJR": "jar",
    "XEN": "envelope",
    "XOK": "block", "XCR": "crate", "XCY": "cylinder", "XBA": "barrel", "XTN": "tin", "XKG": "keg",
    "C81": "radian", "D30": "terajoule", "H82": "point", "B32": "kilogram metre squared",
    "P5": "five pack", "P2": "pound per foot", "Q3": "meal", "E27": "dose",
    "E31": "square metre per litre",
    "IU": "international unit", "4K": "milliampere", "4G": "microlitre", "MC": "microgram",
    "M4": "monetary value", "E47": "vehicle kilometre", "KNT": "knot", "NMI": "nautical mile",
    "TKM": "tonne kilometre", "E09": "milliampere hour", "D65": "round", "C26": "millisecond",
    "ZZ": "mutually defined",
}  # fmt: skip


def is_unit(code: str) -> bool:
    """Whether `code` can be a code of Rec 20 or 21: one to three capitals or digits."""
    return code in UNITS or (
        1 <= len(code) <= 3 and code.isascii() and code.isalnum() and code.isupper()
    )
