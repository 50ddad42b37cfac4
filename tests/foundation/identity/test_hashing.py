"""Passwords are checked few at a time, behind others, and a flood is told to come back."""

import os
import sys
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password

from guilder.foundation.identity import hashing
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.models import User
from guilder.foundation.identity.operations.sessions import WrongPassword

PASSWORD = "slow and steady 2026"


def test_beyond_those_that_are_checked_everybody_is_told_to_come_back() -> None:
    started, over = threading.Semaphore(0), threading.Event()

    def slow() -> bool:
        started.release()
        return over.wait(10)

    crowd = [
        threading.Thread(target=hashing.behind_others, args=[slow]) for _ in range(hashing.AT_ONCE)
    ]
    for one in crowd:
        one.start()
    assert started.acquire(timeout=10)
    for _ in range(500):  # until the last of them waits
        if hashing._room._value == 0:
            break
        over.wait(0.01)

    with pytest.raises(hashing.SignInsBusy) as refused:
        hashing.fits_nobody(PASSWORD)
    over.set()
    for one in crowd:
        one.join(10)

    assert refused.value.retry_after > 0
    assert hashing.behind_others(lambda: "next") == "next"


def test_one_that_fails_makes_room_for_the_next() -> None:
    for _ in range(hashing.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            hashing.behind_others(lambda: 1 // 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has threads of different niceness")
def test_checks_give_way_to_all_other_work() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert hashing.behind_others(niceness) == max(niceness(), hashing.NICENESS)


@pytest.fixture
def kim(db: Any) -> User:
    return identity.create_user(email=f"{uuid4().hex}@x.example", password=PASSWORD, name="Kim")


def test_a_password_that_rests_in_an_older_way_is_kept_in_todays(kim: User) -> None:
    older = make_password(PASSWORD, hasher="argon2")
    User.objects.filter(id=kim.id).update(password=older)

    found = identity.check_password(email=kim.email, password=PASSWORD)

    kept = User.objects.get(id=kim.id).password
    assert kept != older
    assert kept == found.password
    assert identify_hasher(kept).algorithm == identify_hasher(make_password("x")).algorithm


def test_a_wrong_one_changes_nothing(kim: User) -> None:
    with pytest.raises(WrongPassword):
        identity.check_password(email=kim.email, password="another 2026 word")

    assert User.objects.get(id=kim.id).password == kim.password
