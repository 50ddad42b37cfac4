"""Numbers as people type them: 1.234,50, 1,234.50, 1 234,5 and 3*85; the same rules as
`editor/numbers.js`."""

import re
from decimal import Decimal
from fractions import Fraction

from guilder.faces.web import formats
from guilder.kernel.errors import GuilderError

BLANKS = re.compile(r"[\s\u00a0\u202f'’]")
SIGNS = str.maketrans({"\u2212": "-", "×": "*", "x": "*", "X": "*", "·": "*", "÷": "/", ":": "/"})
NUMBER = re.compile(r"\d[\d.,]*|[.,]\d+")
TOKEN = re.compile(r"(?:\d[\d.,]*|[.,]\d+)|[-+*/()]")
GROUPED = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
MOST = 80  # characters
PLACES = 6


class NotAFormula(GuilderError):
    """What stands there is neither a number nor a formula of numbers."""

    code = "web.not_a_formula"


def decimal_mark() -> str:
    """The mark that the reader parts whole and fraction with."""
    return str(formats.reader().number_symbols["latn"]["decimal"])


def group_mark() -> str:
    """The mark that the reader parts thousands with."""
    return str(formats.reader().number_symbols["latn"]["group"])


def read(text: str, *, mark: str = "") -> str:
    """A plain decimal for what was typed; what is no number stays as it is.

    `mark` is the decimal mark of the reader's language: it alone decides what `1.234` means.
    """
    plain = western(BLANKS.sub("", text).translate(SIGNS).rstrip("%").removeprefix("="))
    if not plain or len(plain) > MOST:
        return text.strip()
    try:
        return of_fraction(Formula(plain, mark or decimal_mark()).value())
    except (NotAFormula, ZeroDivisionError):
        return text.strip()


def western(text: str) -> str:
    """The same text with digits of any script as 0 to 9."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in text)


def single(text: str, mark: str) -> str:
    """One number with marks as plain text. Raises NotAFormula."""
    point, comma = text.count("."), text.count(",")
    if point and comma:
        last = max(text.rfind("."), text.rfind(","))
        if text.count(text[last]) > 1:
            raise NotAFormula("Two decimal marks.")
        return split_at(text, last)
    if point + comma == 0:
        return text
    used = "." if point else ","
    if point + comma > 1:
        if not GROUPED.fullmatch(text):
            raise NotAFormula("Groups of three digits are missing.")
        return text.replace(used, "")
    if GROUPED.fullmatch(text) and used != mark:
        return text.replace(used, "")
    return split_at(text, text.rfind(used))


def split_at(text: str, place: int) -> str:
    """The number whose decimal mark stands at `place`."""
    whole = re.sub(r"[.,]", "", text[:place]) or "0"
    return f"{whole}.{text[place + 1 :]}" if text[place + 1 :] else whole


class Formula:
    """Sums and products of typed numbers, exactly."""

    def __init__(self, text: str, mark: str) -> None:
        self.tokens: list[str] = TOKEN.findall(text)
        self.mark = mark
        self.at = 0
        if "".join(self.tokens) != text:
            raise NotAFormula("Something in it is no number.")

    def value(self) -> Fraction:
        """What it comes to. Raises NotAFormula, ZeroDivisionError."""
        found = self.sum()
        if self.at != len(self.tokens):
            raise NotAFormula("Something is left over.")
        return found

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def sum(self) -> Fraction:
        found = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            found += sign * self.product()
        return found

    def product(self) -> Fraction:
        found = self.factor()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                found *= self.factor()
            else:
                found /= self.factor()
        return found

    def factor(self) -> Fraction:
        taken = self.take()
        if taken in ("-", "+"):
            return (-1 if taken == "-" else 1) * self.factor()
        if taken == "(":
            found = self.sum()
            if self.take() != ")":
                raise NotAFormula("A bracket is open.")
            return found
        if not NUMBER.fullmatch(taken):
            raise NotAFormula("A number is missing.")
        return Fraction(single(taken, self.mark))


def of_fraction(value: Fraction) -> str:
    """A fraction as decimal text of at most six places, half away from zero."""
    scaled = abs(value) * 10**PLACES
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = f"{Decimal(whole).scaleb(-PLACES):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"-{text}" if value < 0 and whole else text


def shown(text: str, *, places: int = 0) -> str:
    """A plain decimal as the reader's language writes it, with at least `places` decimals; what is
    no plain decimal stays as it is."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    whole, _, rest = text.lstrip("-").partition(".")
    rest = rest.rstrip("0").ljust(places, "0")
    whole = f"{int(whole):,}".replace(",", group_mark())
    sign = "-" if text.startswith("-") else ""
    return f"{sign}{whole}{decimal_mark()}{rest}" if rest else f"{sign}{whole}"
