"""What the official rules say of an e-invoice, and what of them is known while a draft is typed.

`packs` finds the rule files, `scenarios` chooses among them, `engine` asks them (in a process of
its own, `exchange.judging`), `explain` says what a rule means, `live` checks a Document itself.
"""
