"""The limited child process: it works, it is fast, and every bomb ends without harm."""

import os
import socket
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guilder.foundation.edges.child import (
    ChildBusy,
    ChildDied,
    ChildTimedOut,
    JobFailed,
    Limits,
    Pool,
)

JOBS = """
import os, socket, sys, time, resource

def job(payload):
    return globals()[payload["do"]](**{k: v for k, v in payload.items() if k != "do"})

def echo(value): return value
def fail(message): raise ValueError(message)
def sleep(seconds): time.sleep(seconds); return "slept"
def spin():
    while True: pass
def eat():
    hoard = []
    while True: hoard.append(bytearray(50_000_000))
def hold(count):
    global HELD
    HELD = bytearray(os.urandom(1)) * count
    return count
def die(): os._exit(7)
def shout(): sys.stderr.write("the roof is on fire"); sys.stderr.flush(); os._exit(1)
def write(count):
    with open("big", "wb") as file: file.write(b"x" * count)
    return os.path.getsize("big")
def answer(count): return b"x" * count
def environment(): return dict(os.environ)
def folder(): return [os.getcwd(), os.listdir(".")]
def connect(port):
    with socket.create_connection(("127.0.0.1", port), timeout=2): return "reached"
def lie(descriptor):
    os.write(descriptor, b"\\x00\\x00\\x00\\x03\\xc1\\xc1\\xc1")
    time.sleep(30)
def me(): return os.getpid()
def sockets():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try: target = os.readlink("/proc/self/fd/" + name)
        except OSError: continue
        if target.startswith("socket:"): found.append(int(name))
    return found
"""
LIMITS = Limits(
    memory_bytes=600 << 20, cpu_seconds=1, wall_seconds=10, file_bytes=1 << 20, result_bytes=2 << 20
)


@pytest.fixture
def make_pool(tmp_path, monkeypatch):
    (tmp_path / "child_jobs_for_tests.py").write_text(JOBS)
    monkeypatch.syspath_prepend(str(tmp_path))
    pools = []

    def make(*, size=1, limits=LIMITS, target="child_jobs_for_tests:job", **more):
        pools.append(Pool(target, size=size, limits=limits, **more))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def pool(make_pool):
    return make_pool()


def test_a_value_goes_in_and_comes_back(pool):
    value = {"text": "über", "bytes": b"\x00\xff", "list": [1, None, True], "big": 2**60}

    assert pool.call({"do": "echo", "value": value}) == value


def test_the_process_stays_warm(pool):
    assert pool.call({"do": "me"}) == pool.call({"do": "me"})


def test_what_the_function_raises_is_told_and_the_process_stays(pool):
    before = pool.call({"do": "me"})

    with pytest.raises(JobFailed, match="no such colour") as caught:
        pool.call({"do": "fail", "message": "no such colour"})

    assert caught.value.kind == "ValueError"
    assert pool.call({"do": "me"}) == before


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"do": "spin"}, ChildTimedOut),
        ({"do": "eat"}, ChildDied),
        ({"do": "die"}, ChildDied),
    ],
)
def test_a_bomb_is_stopped_and_the_next_job_works(pool, payload, error):
    with pytest.raises(error):
        pool.call(payload)

    assert pool.call({"do": "echo", "value": 1}) == 1


def test_a_job_that_waits_too_long_is_killed_by_the_wall_clock(pool):
    pool.call({"do": "me"})
    begun = time.monotonic()

    with pytest.raises(ChildTimedOut):
        pool.call({"do": "sleep", "seconds": 30}, timeout=0.3)

    assert time.monotonic() - begun < 25  # of 30 s that it would sleep
    assert pool.call({"do": "echo", "value": 1}) == 1


def test_the_last_words_of_a_process_are_told(pool):
    with pytest.raises(ChildDied, match="the roof is on fire"):
        pool.call({"do": "shout"})


def test_a_process_killed_while_idle_is_replaced_unnoticed(pool):
    before = pool.call({"do": "me"})
    os.kill(before, 9)
    time.sleep(0.05)

    assert pool.call({"do": "me"}) != before


def test_a_large_file_cannot_be_written(pool):
    assert pool.call({"do": "write", "count": 1000}) == 1000

    with pytest.raises(JobFailed, match="too large"):
        pool.call({"do": "write", "count": 5_000_000})


def test_a_large_answer_is_refused(pool):
    assert len(pool.call({"do": "answer", "count": 1_000_000})) == 1_000_000

    with pytest.raises(JobFailed, match="larger than it may be"):
        pool.call({"do": "answer", "count": 3_000_000})


def test_garbage_on_the_socket_is_no_answer(pool):
    (descriptor,) = pool.call({"do": "sockets"})

    with pytest.raises(ChildDied):
        pool.call({"do": "lie", "descriptor": descriptor})

    assert pool.call({"do": "echo", "value": 1}) == 1


def test_no_secret_of_ours_is_in_its_environment(make_pool, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgres://hush")
    monkeypatch.setenv("NO_PROXY", "*")

    environment = make_pool(environment={"COLOUR": "green"}).call({"do": "environment"})

    assert "hush" not in str(environment)
    assert "NO_PROXY" not in environment
    assert environment["HTTPS_PROXY"] == environment["https_proxy"] == "http://127.0.0.1:9"
    assert environment["COLOUR"] == "green"


def test_it_has_no_network(pool):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass  # we do reach it
        if not sys.platform.startswith("linux"):
            pytest.skip("network namespaces are Linux's")

        with pytest.raises(JobFailed):
            pool.call({"do": "connect", "port": port})


def test_its_folder_is_empty_its_own_and_gone_afterwards(pool):
    folder, listing = pool.call({"do": "folder"})

    assert listing == []
    pool.close()
    assert not Path(folder).exists()


def test_it_is_replaced_after_so_many_jobs(make_pool):
    pool = make_pool(limits=Limits(recycle_jobs=2))

    ids = [pool.call({"do": "me"}) for _ in range(4)]

    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_it_is_replaced_when_it_has_grown(make_pool):
    pool = make_pool(limits=Limits(recycle_bytes=150 << 20))
    before = pool.call({"do": "me"})

    pool.call({"do": "hold", "count": 200_000_000})

    assert pool.call({"do": "me"}) != before


def test_threads_share_the_pool_and_get_their_own_answers(make_pool):
    pool = make_pool(size=2)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda i: pool.call({"do": "echo", "value": i}), range(200)))

    assert answers == list(range(200))
    assert len(pool.process_ids()) <= 2


def test_when_all_are_at_work_for_too_long_it_says_so(make_pool):
    pool = make_pool(limits=Limits(queue_seconds=0.1))
    pool.call({"do": "me"})

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(pool.call, {"do": "sleep", "seconds": 1})
        time.sleep(0.2)
        with pytest.raises(ChildBusy):
            pool.call({"do": "me"})

        assert slow.result() == "slept"


def test_a_function_that_does_not_exist_is_told(make_pool):
    with pytest.raises(ChildDied, match="no_such"):
        make_pool(target="child_jobs_for_tests:no_such").call({})


def test_a_fork_leaves_the_processes_to_the_parent(pool):
    ours = pool.call({"do": "me"})

    child = os.fork()
    if child == 0:
        worked = pool.call({"do": "me"}) != ours
        pool.close()
        os._exit(0 if worked else 1)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert pool.call({"do": "me"}) == ours


def test_a_child_ends_with_its_parent(tmp_path):
    (tmp_path / "child_jobs_for_tests.py").write_text(JOBS)
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from guilder.foundation.edges.child import Pool\n"
        "print(Pool('child_jobs_for_tests:job').call({'do': 'me'}), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    out = os.popen(f'{sys.executable} -c "{script}" {tmp_path} 2>/dev/null').read()

    deadline = time.monotonic() + 3
    while Path(f"/proc/{int(out)}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    assert not Path(f"/proc/{int(out)}").exists()


def test_a_call_costs_little(pool):
    pool.call({"do": "me"})
    times = []
    for _ in range(200):
        begun = time.perf_counter()
        pool.call({"do": "echo", "value": b"x" * 20_000})
        times.append(time.perf_counter() - begun)

    assert statistics.median(times) < 0.002
