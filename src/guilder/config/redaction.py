"""What no log line may say: secrets, whole account numbers, who a mail address belongs to.

Also control characters, with which whoever is logged could write lines of their own.
"""

import hashlib
import re

PASSWORD = re.compile(
    r"(?i)(\b(?:password|passwd|secret|token|api[_-]?key|authorization|cookie|refresh|access)"
    r"[\"']?\s*[:=]\s*[\"']?)(?:bearer\s+|basic\s+)?[^\s\"',;&}]+"
)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
ADDRESS = re.compile(r"(?<=://)([^\s/:@]+):[^\s@]+(?=@)")
KEY = re.compile(r"\bgld_[a-z]+_[A-Za-z0-9_-]{6,}")
TOKEN = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
# Our links and refresh tokens: 43 characters and more of base64url, in more than one case.
RANDOM = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])"
                    r"(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{40,}(?![A-Za-z0-9_-])")  # fmt: skip
IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
GONE = "[…]"


def redacted(text: str) -> str:
    """`text` without secrets; an IBAN keeps its ends, a mail address its domain and a mark."""
    text = PASSWORD.sub(rf"\1{GONE}", text)
    text = BEARER.sub(rf"\1 {GONE}", text)
    text = ADDRESS.sub(rf"\1:{GONE}", text)
    text = KEY.sub(lambda found: found[0][:17] + GONE, text)
    text = TOKEN.sub(GONE, text)
    text = RANDOM.sub(GONE, text)
    text = IBAN.sub(lambda found: f"{found[0][:2]}{GONE}{found[0][-4:]}", text)
    return MAIL.sub(lambda found: f"{mark_of(found[0])}@{found[1]}", text)


def mark_of(address: str) -> str:
    """A short mark by which lines about one mail address are found, and the address is not."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:8]


def on_one_line(text: str) -> str:
    """`text` without characters that would start a line, colour it, or turn it around."""
    flat = text.replace("\r", "\\r").replace("\n", "\\n")
    return visible(flat)


def visible(text: str) -> str:
    """Control characters written out; line ends and tabs stay."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text.replace("\r\n", "\n"))
