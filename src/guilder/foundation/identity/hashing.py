"""Checking passwords, which is slow on purpose: few at a time, and behind everybody else's work.

A check takes a tenth of a second of a processor and 100 MiB. A flood of sign-ins from many places
would take all of both; so a process checks one at a time, in a thread that the system runs when the
others leave it something, and lets few wait. Who comes beyond those is told to come back. The
server lets sign-ins wait before they come here (config.asgi), so that few are ever told so.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.contrib.auth.hashers import (
    make_password,
    verify_password,  # type: ignore[attr-defined]  (the stub is older)
)

from guilder.foundation.identity.models import User
from guilder.kernel.errors import Unavailable

T = TypeVar("T")
AT_ONCE = 2  # in a process: one is checked, one waits; the other threads serve the others
NICENESS = 10  # of the thread, and of those that the hash function starts


class SignInsBusy(Unavailable):
    """Too many sign in at this moment (HTTP 503); `retry_after` is in seconds."""

    code = "identity.sign_ins_busy"
    retry_after = 2


def give_way() -> None:
    """Have the system prefer all other threads to this one, where it knows threads of their own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_room = threading.BoundedSemaphore(AT_ONCE)
_thread = ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=give_way)


def behind_others(work: Callable[[], T]) -> T:
    """What `work` gives, which uses no database. Raises SignInsBusy."""
    if not _room.acquire(blocking=False):
        raise SignInsBusy("Many people sign in right now. Try again in a moment.")
    try:
        return _thread.submit(work).result()
    finally:
        _room.release()


def fits(user: User, password: str) -> bool:
    """Whether it is the user's password; one that rests in an older way is kept in today's then.

    Raises SignInsBusy.
    """
    is_right, is_old = behind_others(lambda: verify_password(password, user.password))
    if is_right and is_old:
        fresh = behind_others(lambda: make_password(password))
        User.objects.filter(id=user.id, password=user.password).update(password=fresh)
        user.password = fresh
    return is_right


def fits_nobody(password: str) -> None:
    """Take as long as a check would. Raises SignInsBusy."""
    behind_others(lambda: make_password(password))
