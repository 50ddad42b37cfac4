"""Identifiers of parties, accounts and goods: read what people type, check it, write it one way.

Each reader takes text with the usual spaces, dots and dashes, gives the compact form, and raises
a subclass of InvalidIdentifier that says what is wrong. Check digits are python-stdnum's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import stdnum.bic
import stdnum.ch.uid
import stdnum.ch.vat
import stdnum.de.leitweg
import stdnum.ean
import stdnum.eu.at_02
import stdnum.eu.vat
import stdnum.exceptions
import stdnum.fr.siren
import stdnum.fr.siret
import stdnum.gb.vat
import stdnum.iban
import stdnum.iso7064.mod_97_10
import stdnum.iso11649
import stdnum.no.mva
import stdnum.no.orgnr
import stdnum.se.orgnr

from guilder.kernel.countries import COUNTRIES
from guilder.kernel.document import Identifier
from guilder.kernel.errors import Invalid

Validate = Callable[[str], str]


class InvalidIdentifier(Invalid, ValueError):
    """Base of all below: the text is not such an identifier."""

    code = "identifier.invalid"


class InvalidVatId(InvalidIdentifier):
    """Not a VAT identification number."""

    code = "identifier.vat_id"


class InvalidIban(InvalidIdentifier):
    """Not an IBAN (ISO 13616)."""

    code = "identifier.iban"


class InvalidBic(InvalidIdentifier):
    """Not a BIC (ISO 9362)."""

    code = "identifier.bic"


class InvalidGln(InvalidIdentifier):
    """Not a GLN of GS1."""

    code = "identifier.gln"


class InvalidGtin(InvalidIdentifier):
    """Not a GTIN of GS1."""

    code = "identifier.gtin"


class InvalidSiren(InvalidIdentifier):
    """Not a French SIREN."""

    code = "identifier.siren"


class InvalidSiret(InvalidIdentifier):
    """Not a French SIRET."""

    code = "identifier.siret"


class InvalidLeitwegId(InvalidIdentifier):
    """Not a German Leitweg-ID."""

    code = "identifier.leitweg_id"


class InvalidParticipant(InvalidIdentifier):
    """Not a participant of the Peppol network."""

    code = "identifier.participant"


class InvalidCreditorId(InvalidIdentifier):
    """Not a creditor identifier of SEPA (AT-02)."""

    code = "identifier.creditor_id"


class InvalidCreditorReference(InvalidIdentifier):
    """Not an RF creditor reference (ISO 11649)."""

    code = "identifier.creditor_reference"


# ISO 3166 codes of the VAT area, with the two that tax offices write their own way.
EU_VAT = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
VAT_PREFIXES = {"GR": "EL"}  # Directive 2006/112/EC, article 215
VAT_SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9]{2,18}", re.ASCII)
SEPARATORS = str.maketrans("", "", " \t\u00a0\u202f.-/")

# Electronic Address Scheme codes of Peppol and EN 16931 (BT-34-1, BT-49-1), list of 2026.
EAS_LIST = """
0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177
0183 0184 0188 0190 0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205
0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0219 0220 0221 0225 0230 0235 0240 0244
9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932
9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950
9951 9952 9953 9957 9959 AN AQ AS AU EM
"""
EAS_SCHEMES = frozenset(EAS_LIST.split())
PARTICIPANT_VALUE = re.compile(r"[!-~]{1,135}", re.ASCII)  # Peppol policy for identifiers, 4
PARTICIPANT_PREFIX = "iso6523-actorid-upis::"
CREDITOR_BASE = re.compile(r"[0-9A-Z]{1,21}", re.ASCII)


def vat_id(text: str, *, checksum: bool = True) -> str:
    """A VAT id with its country in front: "DE136695976", "CHE107787577MWST", "EL094259216".

    EU, GB, XI, CH and NO ids are checked by their country's rule, unless `checksum` is False;
    others need a country and 2 to 18 letters or digits. Whether a tax office knows the id is
    another question. Raises InvalidVatId.
    """
    compact = text.upper().translate(SEPARATORS)
    prefix = VAT_PREFIXES.get(compact[:2], compact[:2])
    compact = prefix + compact[2:]
    if not VAT_SHAPE.fullmatch(compact):
        raise InvalidVatId("A VAT id begins with its country, such as DE136695976.")
    if prefix not in COUNTRIES and prefix not in ("EL", "XI"):
        raise InvalidVatId(f"{prefix} is not a country. A VAT id begins with one, such as DE.")
    if not checksum:
        return compact
    if prefix in EU_VAT:
        return _checked(_validate(stdnum.eu.vat), compact, InvalidVatId, _vat_detail(prefix))
    if prefix in ("GB", "XI"):
        body = _checked(_validate(stdnum.gb.vat), compact[2:], InvalidVatId, _vat_detail(prefix))
        return prefix + body
    if prefix == "CH":
        # Without its suffix (MWST, TVA, IVA) it is the bare UID, which has the same check digit.
        module = stdnum.ch.vat if compact[-1].isalpha() else stdnum.ch.uid
        return _checked(_validate(module), compact, InvalidVatId, _vat_detail(prefix))
    if prefix == "NO":
        body = _checked(_validate(stdnum.no.mva), compact, InvalidVatId, _vat_detail(prefix))
        return f"NO{body}"
    return compact


def vat_country(text: str) -> str:
    """The ISO 3166 country of a VAT id that `vat_id` gave: GR for EL, GB for XI."""
    return {"EL": "GR", "XI": "GB"}.get(text[:2], text[:2])


def iban(text: str) -> str:
    """An IBAN without spaces, checked by country (length, structure) and by mod 97; InvalidIban."""
    detail = "This is not an IBAN. Check it for a digit mistyped or missing."
    return _checked(_validate(stdnum.iban), text.upper(), InvalidIban, detail)


def format_iban(compact: str) -> str:
    """`compact` in groups of four, as people read it."""
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def bic(text: str) -> str:
    """A BIC of 8 or 11 characters; InvalidBic."""
    detail = "This is not a BIC. It has 8 or 11 characters, such as DEUTDEFF."
    return _checked(_validate(stdnum.bic), text.upper(), InvalidBic, detail)


def gln(text: str) -> str:
    """A global location number of 13 digits; InvalidGln."""
    detail = "This is not a GLN. It has 13 digits, the last of which checks the others."
    found = _checked(_validate(stdnum.ean), text, InvalidGln, detail)
    if len(found) != 13:
        raise InvalidGln(detail)
    return found


def gtin(text: str) -> str:
    """A trade item number of 8, 12, 13 or 14 digits; InvalidGtin."""
    detail = "This is not a GTIN. It has 8, 12, 13 or 14 digits, the last checks the others."
    return _checked(_validate(stdnum.ean), text, InvalidGtin, detail)


def siren(text: str) -> str:
    """A French company's 9 digits; InvalidSiren."""
    detail = "This is not a SIREN. It has 9 digits, the last of which checks the others."
    return _checked(_validate(stdnum.fr.siren), text, InvalidSiren, detail)


def siret(text: str) -> str:
    """A French establishment's 14 digits; InvalidSiret."""
    detail = "This is not a SIRET. It has 14 digits: the SIREN and five more."
    return _checked(_validate(stdnum.fr.siret), text, InvalidSiret, detail)


def leitweg_id(text: str) -> str:
    """A German public buyer's routing id with its dashes (mod 97-10); InvalidLeitwegId."""
    detail = "This is not a Leitweg-ID. It looks like 04011000-1234512345-06; ask the buyer for it."
    return _checked(_validate(stdnum.de.leitweg), text.upper(), InvalidLeitwegId, detail)


def participant(text: str, *, scheme: str = "") -> Identifier:
    """An electronic address such as "0088:7300010000001", or its value and `scheme` apart.

    The scheme must be on the EAS list; values of schemes with check digits are checked. Raises
    InvalidParticipant, or the error of the identifier behind the scheme.
    """
    value = text.strip()
    value = value[len(PARTICIPANT_PREFIX) :] if _is_prefixed(value) else value
    if not scheme:
        scheme, colon, value = value.partition(":")
        if not colon:
            raise InvalidParticipant(
                "Put the scheme in front of the address, such as 0088:7300010000001."
            )
    scheme = scheme.strip().upper()
    if scheme not in EAS_SCHEMES:
        raise InvalidParticipant(
            f"“{scheme[:12]}” is no scheme for electronic addresses. Use one of the EAS list,"
            " such as 0088 for a GLN."
        )
    value = value.strip()
    if not PARTICIPANT_VALUE.fullmatch(value):
        raise InvalidParticipant("An electronic address has 1 to 135 characters and no space.")
    check = PARTICIPANT_CHECKS.get(scheme)
    return Identifier(check(value) if check else value, scheme)


def creditor_id(text: str) -> str:
    """A creditor identifier of SEPA without spaces, its check digits checked; InvalidCreditorId."""
    detail = "This is not a creditor identifier. Check it for a character mistyped or missing."
    compact = text.upper().translate(SEPARATORS)
    return _checked(_validate(stdnum.eu.at_02), compact, InvalidCreditorId, detail)


def creditor_reference(text: str) -> str:
    """A checked RF reference without spaces (ISO 11649); InvalidCreditorReference."""
    detail = "This is not an RF reference. Check it for a character mistyped or missing."
    compact = text.upper().translate(SEPARATORS)
    return _checked(_validate(stdnum.iso11649), compact, InvalidCreditorReference, detail)


def make_creditor_reference(base: str) -> str:
    """The RF reference of `base`, up to 21 letters and digits, such as an invoice number.

    Dashes, dots, slashes and spaces are dropped. Raises InvalidCreditorReference.
    """
    compact = base.upper().translate(SEPARATORS)
    if not CREDITOR_BASE.fullmatch(compact):
        raise InvalidCreditorReference("An RF reference is made of 1 to 21 letters and digits.")
    digits: str = stdnum.iso7064.mod_97_10.calc_check_digits(f"{compact}RF")
    return f"RF{digits}{compact}"


def _is_prefixed(value: str) -> bool:
    return value.lower().startswith(PARTICIPANT_PREFIX)


def _organization_number(module: Any, country: str) -> Validate:
    detail = f"This is not an organization number of {country}. Check its digits."

    def check(text: str) -> str:
        return _checked(_validate(module), text, InvalidParticipant, detail)

    return check


# Schemes whose values carry check digits, and who checks them.
PARTICIPANT_CHECKS: dict[str, Validate] = {
    "0002": siren,
    "0007": _organization_number(stdnum.se.orgnr, "Sweden"),
    "0009": siret,
    "0088": gln,
    "0192": _organization_number(stdnum.no.orgnr, "Norway"),
    "0204": leitweg_id,
}


def _vat_detail(prefix: str) -> str:
    return f"This is not a VAT id of {prefix}. Check it for a digit mistyped or missing."


def _validate(module: Any) -> Validate:
    return module.validate


def _checked(validate: Validate, text: str, error: type[InvalidIdentifier], detail: str) -> str:
    text = text.replace("\u00a0", " ").replace("\u202f", " ")  # spaces that do not break
    if len(text) > 200 or not text.isascii():
        raise error(detail)
    try:
        return validate(text)
    except stdnum.exceptions.ValidationError:
        raise error(detail) from None
