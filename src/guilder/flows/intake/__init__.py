"""Papers of suppliers coming in, by whichever door: kept as they came, read, judged, billed.

`operations.receive` is the one way in. The bytes are never changed; what is read in them is a
kernel Document, and `operations.make_bill` turns it into a draft of books.bills.
"""
