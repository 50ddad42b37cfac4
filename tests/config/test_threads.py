"""The threads that answer requests."""

import threading
import time
from concurrent.futures import wait

import pytest

from guilder.config.threads import Closed, Threads


def test_work_is_done_and_its_result_or_error_told() -> None:
    threads = Threads(2, name="t")

    assert threads.submit(divmod, 7, 2).result(5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 7, 0).result(5)
    threads.shutdown()


def test_one_after_another_is_done_by_one_thread() -> None:
    threads = Threads(4, name="t")

    names = set()
    for _ in range(20):
        names.add(threads.submit(lambda: threading.current_thread().name).result(5))
        while not threads.resting:
            time.sleep(0.001)
    assert names == {"t_0"}
    threads.shutdown()


def test_after_a_crowd_the_thread_that_worked_last_works() -> None:
    threads = Threads(3, name="t")
    together = threading.Barrier(3)
    wait([threads.submit(together.wait, 5) for _ in range(3)], 5)
    while len(threads.resting) < 3:
        time.sleep(0.001)
    last = threads.resting[-1].thread.name

    for _ in range(5):
        assert threads.submit(lambda: threading.current_thread().name).result(5) == last
        while len(threads.resting) < 3:
            time.sleep(0.001)
    threads.shutdown()


def test_no_more_at_once_than_the_limit_and_all_in_order() -> None:
    threads, lock = Threads(2, name="t"), threading.Lock()
    running, most, order = 0, 0, []

    def work(number: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            order.append(number)
        time.sleep(0.005)
        with lock:
            running -= 1

    wait([threads.submit(work, number) for number in range(20)], 10)
    assert most == 2
    assert sorted(order) == list(range(20))
    assert all(abs(place - number) <= 1 for place, number in enumerate(order))
    threads.shutdown()


def test_at_the_end_all_that_waits_is_done_and_nothing_more_is_taken() -> None:
    threads, done = Threads(1, name="t"), []
    for number in range(5):
        threads.submit(lambda number=number: (time.sleep(0.01), done.append(number)))

    threads.shutdown()

    assert done == list(range(5))
    assert not any(hand.thread.is_alive() for hand in threads.all)
    with pytest.raises(Closed):
        threads.do(lambda: None)


def test_many_from_many_sides_are_all_done() -> None:
    threads, done = Threads(3, name="t"), []

    def ask() -> None:
        for number in range(500):
            threads.do(lambda number=number: done.append(number))

    crowd = [threading.Thread(target=ask) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    threads.shutdown()
    assert len(done) == 2000


def test_a_fault_ends_no_thread() -> None:
    threads = Threads(1, name="t")

    threads.do(lambda: 1 // 0)  # type: ignore[arg-type, return-value]

    assert threads.submit(lambda: 7).result(5) == 7
    threads.shutdown()
