"""The page of an issued paper or draft, and everything that can be done with it."""
