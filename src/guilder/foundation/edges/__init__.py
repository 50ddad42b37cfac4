"""What meets the outside: guarded calls, limited child processes, secrets, throttle, idempotency.

Mechanisms only; which call or secret it is, the rooms above know.
"""
