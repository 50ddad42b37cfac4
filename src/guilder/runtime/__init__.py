"""Starts and watches the house: embedded database, web server, worker, supervisor.

Nothing below knows this floor; `guilder up` and `manage.py` are its doors.
"""
