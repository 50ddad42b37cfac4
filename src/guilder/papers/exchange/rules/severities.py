"""Severities that KoSIT gives to rules of others in its own scenarios, as its configuration says.

By scenario and kind of paper, then by rule. A configuration archive of KoSIT that is imported
brings its own; these hold for XRechnung 3.0 where none came.
"""

from __future__ import annotations

from collections.abc import Mapping

_LISTS = {"BR-CL-21": "warning", "BR-CL-23": "warning"}
_MIME = {"BR-CL-13": "information"}
_UBL = {"UBL-CR-646": "error"}
_CII = {"CII-SR-452": "error", "CII-SR-453": "error", "CII-SR-454": "error"}
_OPEN_LISTS = {
    "BR-CL-10": "information",
    "BR-CL-11": "information",
    "BR-CL-21": "information",
    "BR-CL-23": "warning",
    "BR-CL-24": "information",
    "BR-CL-25": "information",
    "BR-CL-26": "information",
}
_SUB_LINES = {
    "BR-CO-16": "information",
    "UBL-CR-470": "information",
    "UBL-CR-646": "information",
}

XRECHNUNG: Mapping[str, Mapping[str, str]] = {
    "xrechnung/ubl-invoice": {**_LISTS, **_UBL},
    "xrechnung/ubl-creditnote": _LISTS,
    "xrechnung/cii": {**_LISTS, **_CII},
    "xrechnung-extension/ubl-invoice": {**_OPEN_LISTS, **_SUB_LINES},
    "xrechnung-extension/cii": {**_OPEN_LISTS, **_CII},
    "xrechnung-cvd/ubl-invoice": {**_LISTS, **_MIME, **_UBL},
    "xrechnung-cvd/ubl-creditnote": {**_LISTS, **_MIME, **_UBL},
    "xrechnung-cvd/cii": {**_LISTS, **_MIME, **_CII},
}
