"""What happened: facts, written in the transaction that made them true, told on afterwards.

`bus.publish` writes the fact, `tasks.drain` tells the listeners that `config/wiring.py` names.
A fact is told at least once, and per subject in the order in which things happened.
"""
