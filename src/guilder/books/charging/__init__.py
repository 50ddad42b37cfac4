"""Charges: money asked for through payment gateways, told of by them, booked as payments.

What a gateway says is merged fact by fact, so that order and repetition do not matter.
"""
