"""Webhooks: signed calls to what other people run, told of what happened (Standard Webhooks).

An event becomes a message (its body is written once), a message becomes a delivery for each
endpoint that wants it, and a delivery is tried until it is taken or three days have passed.
"""
