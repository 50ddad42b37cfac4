"""What belongs to every page: help, how long a session lasts, reports of the browser."""
