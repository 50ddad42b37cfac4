"""Work done later: tasks queued in the business transaction, run by workers on any machine.

`queue` is the only door to the queue's library; `worker.run` is what `guilder worker` runs.
"""
