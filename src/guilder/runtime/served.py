"""The application as a web worker loads it, in a process that does not outlive its parent."""

from guilder.config.asgi import application
from guilder.runtime import lifeline

__all__ = ["application"]

lifeline.follow_parent()
