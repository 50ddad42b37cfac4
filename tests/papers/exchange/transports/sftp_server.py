"""A small SFTP server over a folder, for tests: one user, one password or key, one host key."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko

USER, PASSWORD = "northlight", "canary-sftp-Tulip-9"


class Files(paramiko.SFTPServerInterface):
    """What the client may do: everything below the folder."""

    def __init__(self, server: Any, *args: Any, **more: Any) -> None:
        super().__init__(server, *args, **more)
        self.running: Running = server.running

    def at(self, path: str) -> Path:
        return Path(str(self.running.folder) + self.canonicalize(path))

    def list_folder(self, path: str) -> Any:
        try:
            entries = sorted(self.at(path).iterdir())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        found = []
        for entry in entries:
            one = paramiko.SFTPAttributes.from_stat(entry.stat())
            one.filename = entry.name
            found.append(one)
        return found

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self.at(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        del attr
        try:
            number = os.open(self.at(path), flags, 0o600)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = paramiko.SFTPHandle(flags)
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        handle.readfile = handle.writefile = os.fdopen(number, "r+b" if writes else "rb")  # type: ignore[attr-defined]
        self.running.opened.append(path)
        return handle

    def done(self, call: Any, *arguments: Any) -> int:
        try:
            call(*arguments)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return paramiko.SFTP_OK

    def remove(self, path: str) -> int:
        return self.done(self.at(path).unlink)

    def posix_rename(self, old: str, new: str) -> int:
        self.running.renamed.append((old, new))
        return self.done(self.at(old).replace, self.at(new))

    def mkdir(self, path: str, attr: Any) -> int:
        del attr
        return self.done(self.at(path).mkdir)


class Door(paramiko.ServerInterface):
    """Who may in."""

    def __init__(self, running: "Running") -> None:
        self.running = running

    def check_auth_password(self, username: str, password: str) -> int:
        fits = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if fits else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        fits = username == USER and key == self.running.user_key
        return paramiko.AUTH_SUCCESSFUL if fits else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        del kind, chanid
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        del username
        return "password,publickey"


@dataclass
class Running:
    """A server that runs: where, with which key, and what was done."""

    folder: Path
    host_key: paramiko.PKey
    user_key: paramiko.PKey
    port: int = 0
    opened: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def public_key(self) -> str:
        return f"{self.host_key.get_name()} {self.host_key.get_base64()}"


def answer(sock: socket.socket, running: Running) -> None:
    """One conversation, in a thread of its own."""
    transport = paramiko.Transport(sock)
    transport.add_server_key(running.host_key)
    transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
    with suppress(paramiko.SSHException, EOFError, OSError):
        transport.start_server(server=Door(running))


@contextmanager
def sftp_server(folder: Path) -> Iterator[Running]:
    """A server on a free port of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Running(folder, paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate())
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        running.port = listener.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    sock, _where = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(sock, running), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield running
        listener.shutdown(socket.SHUT_RDWR)
