"""Bills of suppliers: what the organization owes, from draft to booked and paid.

A bill keeps the supplier's own number and paper; its lines say which account each amount goes to.
Booking it is one entry of the ledger; `open_amount` is what is still to be paid.
"""
