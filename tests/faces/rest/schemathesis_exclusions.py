"""What schemathesis is not asked to judge, each with its reason."""

# Check → why it says nothing about this API.
CHECKS = {
    "positive_data_acceptance": (
        "Rooms judge what JSON Schema cannot say (a currency that exists, a date in an open "
        "period, a client of this organization) and answer 422 to it."
    ),
    "missing_required_header": "No header is required beside Authorization, which ignored_auth tests.",
}
# Operation id → why it is left out.
OPERATIONS = {
    "logout": "Ends sessions, by a token that only a login gives; tests/faces/rest/test_door.py.",
    "try_channel": "Says 503 where the other side does not answer, which here nobody does.",
    "remove_user": "Would end the membership of the very person who asks.",
}
