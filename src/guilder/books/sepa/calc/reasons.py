"""Why banks refuse and return, in words, and which of it ends a mandate.

The codes are those of ISO 20022's external lists as SEPA's rulebooks use them.
"""

REASONS = {
    "AC01": "The account number is wrong.",
    "AC03": "The account number is wrong.",
    "AC04": "The account is closed.",
    "AC06": "The account is blocked.",
    "AC13": "The account belongs to a consumer, so the B2B scheme does not allow it.",
    "AG01": "This account does not take direct debits or transfers.",
    "AG02": "The bank does not know this kind of order or sequence.",
    "AM02": "The amount is more than the bank allows.",
    "AM03": "The currency is not one that the bank takes here.",
    "AM04": "There was not enough money on the account.",
    "AM05": "The bank has this order already.",
    "AM10": "The check sum of the file is wrong.",
    "BE01": "Name and account do not belong together.",
    "BE05": "The bank does not know this creditor identifier.",
    "CNOR": "The creditor's bank is not reachable in this scheme.",
    "DNOR": "The debtor's bank is not reachable in this scheme.",
    "DT01": "The day is not one that the bank takes.",
    "DUPL": "The bank has this file already.",
    "ED05": "The settlement failed.",
    "FF01": "The bank could not read the file.",
    "FF05": "The bank does not take this scheme.",
    "FOCR": "It was returned because it was recalled.",
    "MD01": "There is no valid mandate.",
    "MD02": "Something is missing or wrong in the mandate's data.",
    "MD06": "The client wanted the money back; within eight weeks no reason is needed.",
    "MD07": "The account holder has died.",
    "MS02": "The client refused it.",
    "MS03": "The bank gives no reason.",
    "NARR": "The bank gives the reason in words only.",
    "RC01": "The bank identifier is wrong.",
    "RR01": "The bank misses the account or name that the law asks for.",
    "RR02": "The bank misses the name or address that the law asks for.",
    "RR03": "The bank misses the creditor's name or address.",
    "RR04": "The law does not allow it.",
    "SL01": "The account does not take debits of this creditor.",
    "TM01": "It came after the time by which the bank wants it.",
}
# The mandate cannot be used again as it is: the account is gone, or the leave is.
HARD = frozenset(("AC01", "AC03", "AC04", "AC06", "AC13", "AG01", "MD01", "MD07", "SL01", "RC01"))
UNKNOWN = "The bank gives a reason that is not on the list."


def words_of(code: str) -> str:
    """Why, as a sentence; "" where no reason was given."""
    return REASONS.get(code, UNKNOWN) if code else ""


def is_hard(code: str) -> bool:
    """Whether a mandate must not be used again after it."""
    return code in HARD
