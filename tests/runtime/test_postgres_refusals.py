"""What keeps the embedded PostgreSQL from starting ends in one sentence that says what to do."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from guilder.runtime.postgres import DatabaseFault, EmbeddedPostgres, faults

HERE = Path("/srv/guilder")


@pytest.fixture
def disk(home: Path) -> Iterator[Path]:
    """A place for a small disk of one's own; unmounted after the test."""
    home.mkdir()
    yield home
    subprocess.run(["umount", "-l", str(home)], check=False, capture_output=True)


def mount(folder: Path, options: str) -> None:
    """Mount a tmpfs, or skip where that is not allowed."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("no right to mount a small disk here")


def refusal(home: Path) -> DatabaseFault:
    """The fault that a start ends in; it must be one line, and leave no server behind."""
    with pytest.raises(DatabaseFault) as caught:
        EmbeddedPostgres(home).up(timeout=30)
    assert "\n" not in str(caught.value)
    return caught.value


def test_data_of_another_major_version_are_left_alone(made: Path) -> None:
    version = made / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")

    fault = refusal(made)

    assert fault.code == "runtime.database_other_version"
    assert "PostgreSQL 17, and this is 18" in str(fault)
    version.write_text("18\n")
    EmbeddedPostgres(made, durable=False).up().stop()


def test_a_folder_with_something_else_in_it_is_not_overwritten(home: Path) -> None:
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "postgres" / "data" / "letters.txt").write_text("dear")

    assert "is not a database" in str(refusal(home))
    assert (home / "postgres" / "data" / "letters.txt").read_text() == "dear"


def test_a_file_in_place_of_the_home_is_told(home: Path) -> None:
    home.write_text("a file")

    assert "is a file where a folder is needed" in str(refusal(home))


def test_a_disk_too_small_for_a_new_database_is_told_before_anything_is_written(disk: Path) -> None:
    mount(disk, "size=60m")

    fault = refusal(disk)

    assert fault.code == "runtime.database_disk_full"
    assert "free some space" in str(fault)


def test_a_disk_that_filled_up_is_told_and_the_data_start_again_when_there_is_room(
    disk: Path, cluster_copy: Path
) -> None:
    mount(disk, "size=200m")
    subprocess.run(["cp", "-a", f"{cluster_copy}/.", str(disk)], check=True)
    with (disk / "ballast").open("wb") as ballast, pytest.raises(OSError, match="No space"):
        while True:
            os.write(ballast.fileno(), b"\0" * 65536)

    fault = refusal(disk)
    (disk / "ballast").unlink()

    assert fault.code == "runtime.database_disk_full"
    EmbeddedPostgres(disk).up().stop()


def test_a_read_only_disk_is_told(disk: Path, cluster_copy: Path) -> None:
    mount(disk, "size=200m")
    subprocess.run(["cp", "-a", f"{cluster_copy}/.", str(disk)], check=True)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    fault = refusal(disk)

    assert fault.code == "runtime.database_read_only"
    assert "mount it writable, or choose another folder" in str(fault)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "runtime.database_disk_full"),
        (errno.EROFS, "runtime.database_read_only"),
        (errno.EACCES, "runtime.database_not_ours"),
        (errno.ENOTDIR, "runtime.database_not_ours"),
        (errno.EIO, "runtime.database_not_starting"),
    ],
)
def test_every_fault_of_the_system_has_its_sentence(number: int, code: str) -> None:
    fault = faults.of_os_error(OSError(number, os.strerror(number)), folder=HERE)

    assert fault.code == code
    assert str(HERE) in str(fault)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device',
         "runtime.database_disk_full"),
        ("FATAL:  could not create shared memory segment: Cannot allocate memory\n"
         "DETAIL: shared memory", "runtime.database_not_starting"),
        ("initdb: error: could not look up effective user ID 1234: user does not exist",
         "runtime.database_no_account"),
        ("DETAIL:  The data directory was initialized by PostgreSQL version 16",
         "runtime.database_other_version"),
        ("FATAL:  something new", "runtime.database_not_starting"),
        ("", "runtime.database_not_starting"),
    ],
)  # fmt: skip
def test_every_saying_of_the_server_has_its_sentence(said: str, code: str) -> None:
    fault = faults.of_output(said, folder=HERE, log=HERE / "postgres.log")

    assert fault.code == code
    assert "\n" not in str(fault)
