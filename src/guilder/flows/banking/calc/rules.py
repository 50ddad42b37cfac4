"""The organization's own rules: conditions over a line, all of which must hold."""

from collections.abc import Callable, Mapping
from typing import Any

from guilder.flows.banking.calc.facts import Known, Line, Part, Proposal, Reason, RuleFact
from guilder.flows.banking.calc.words import name_key

FIELDS = ("name", "text", "account", "code", "amount")
TESTS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda mine, wanted: name_key(mine) == name_key(wanted),
    "contains": lambda mine, wanted: name_key(wanted) in name_key(mine),
    "starts": lambda mine, wanted: name_key(mine).startswith(name_key(wanted)),
}
NUMBER_TESTS: dict[str, Callable[[int, int], bool]] = {
    "is": lambda mine, wanted: mine == wanted,
    "at_least": lambda mine, wanted: mine >= wanted,
    "at_most": lambda mine, wanted: mine <= wanted,
}
OPERATORS = tuple(dict.fromkeys((*TESTS, *NUMBER_TESTS)))


def holds(condition: Mapping[str, Any], line: Line) -> bool:
    """Whether one condition {"field", "op", "value"} holds; amounts are minor units, unsigned."""
    if condition["field"] == "amount":
        return NUMBER_TESTS[condition["op"]](abs(line.amount), int(condition["value"]))
    mine = {
        "name": line.name,
        "text": line.said,
        "account": line.account,
        "code": line.bank_reference,
    }[condition["field"]]
    wanted = str(condition["value"])
    return bool(name_key(wanted)) and TESTS[condition["op"]](mine, wanted)


def applies(rule: RuleFact, line: Line) -> bool:
    """Whether all conditions of a rule hold, and the direction."""
    if (rule.direction == "in" and line.amount < 0) or (
        rule.direction == "out" and line.amount > 0
    ):
        return False
    return bool(rule.conditions) and all(holds(one, line) for one in rule.conditions)


def ruled(line: Line, known: Known) -> Proposal | None:
    """The first rule that applies."""
    rule = next((one for one in known.rules if applies(one, line)), None)
    if rule is None:
        return None
    return Proposal(
        line_id=line.id,
        kind="rule",
        score=60 if not rule.is_automatic else 96,
        parts=(Part("rule", rule.id, line.amount, rule.account_name),),
        reasons=(Reason("rule", {"name": rule.name, "count": rule.used_count}),),
    )
