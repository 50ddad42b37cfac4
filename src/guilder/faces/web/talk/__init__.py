"""Comments and files beside a thing: the part of its page, and what it posts to."""
