"""SFTP: drop what goes out, pick up what comes in; the server's key is pinned."""

import base64
import hashlib
import io
import logging
import socket
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import paramiko

from guilder.foundation.edges import outbound
from guilder.kernel.errors import Problem
from guilder.papers.exchange.transports.base import (
    LARGEST,
    Arrival,
    Field,
    Handed,
    Parcel,
    Place,
    Refused,
    Temporary,
    Transport,
    failed,
    fault,
)
from guilder.papers.exchange.transports.folder import MOST, is_whole_name, number_of

logging.getLogger("paramiko").setLevel(logging.WARNING)  # it tells every step of a greeting

PATIENCE = 20  # seconds for each step of a conversation
KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class Sftp(Transport):
    """A server of the buyer, of a provider, or one that both sides use."""

    name = "sftp"
    title = "SFTP"
    collects = True
    address_hint = "a folder on the server"
    fields = (
        Field(name="host", label="Server", is_required=True, is_target=True),
        Field(name="port", label="Port", kind="whole", default="22", is_target=True),
        Field(name="user", label="User name", is_required=True, is_target=True),
        Field(name="password", label="Password", kind="secret"),
        Field(
            name="private_key",
            label="Private key",
            kind="secret",
            hint="In OpenSSH or PEM form, without a passphrase; in the place of the password.",
            most=20_000,
        ),
        Field(
            name="host_key",
            label="Key of the server",
            hint="Its fingerprint (SHA256:…) or the whole public key. Test the channel to see it.",
            most=2000,
            is_target=True,
        ),
        Field(name="folder_out", label="Folder for documents out", default="out"),
        Field(
            name="folder_in",
            label="Folder to pick up from",
            hint="Left empty, nothing is picked up.",
        ),
        Field(
            name="after",
            label="What was picked up",
            kind="choice",
            default="delete",
            choices=(("delete", "is deleted"), ("move", "is moved to “done”")),
        ),
    )

    def faults(self, settings: Mapping[str, Any]) -> Sequence[Problem]:
        """A key that can be read, and one way to sign in."""
        found = []
        if settings.get("private_key"):
            try:
                private_key_of(str(settings["private_key"]))
            except Refused as error:
                found.append(fault("private_key", "not_a_key", error.detail))
        elif not settings.get("password"):
            found.append(fault("password", "required", "Enter a password or a private key."))
        if settings.get("host_key") and not pinned(str(settings["host_key"])):
            found.append(
                fault("host_key", "not_a_key", "Enter SHA256:… or a whole key, ssh-ed25519 AAAA…")
            )
        return found

    def check_address(self, address: str) -> str:
        """A folder on the server; none is the channel's own."""
        address = address.strip()
        if ".." in address.split("/"):
            raise Refused("Enter a folder without “..”.")
        return address

    def send(self, parcel: Parcel, place: Place) -> Handed:
        """Uploaded under a passing name, looked at, then renamed."""
        folder = parcel.address or place.text("folder_out") or "."
        name = joined(folder, parcel.own_name)
        passing = joined(folder, f".{parcel.own_name}.part")
        with signed_in(place) as client, told():
            make_folder(client, folder)
            client.putfo(io.BytesIO(parcel.data), passing, file_size=len(parcel.data))
            client.posix_rename(passing, name)
        return Handed(state="delivered", reference=name)

    def collect(self, place: Place) -> Iterator[Arrival]:
        """Whole files of the folder, by name; one connection for all of them."""
        folder = place.text("folder_in")
        if not folder:
            return
        with signed_in(place) as client:
            with told():
                entries = sorted(client.listdir_attr(folder), key=lambda one: one.filename)
            whole = [one for one in entries if is_whole_name(one.filename) and is_file(one)]
            for entry in whole[:MOST]:
                if (entry.st_size or 0) > LARGEST:
                    continue
                with told():
                    data = read(client, joined(folder, entry.filename))
                if data is not None:
                    number = number_of(entry.filename, data)
                    yield Arrival(
                        number=number,
                        filename=entry.filename,
                        data=data,
                        sender=place.text("host"),
                        mark=entry.filename,
                    )

    def keep(self, arrival: Arrival, place: Place) -> None:
        """Deleted or moved, as the settings say."""
        folder = place.text("folder_in")
        source = joined(folder, arrival.mark)
        with signed_in(place) as client, told(), suppress(FileNotFoundError):  # done before
            if place.text("after") != "move":
                client.remove(source)
                return
            done = joined(folder, "done")
            make_folder(client, done)
            client.posix_rename(source, joined(done, f"{arrival.number[:12]}-{arrival.mark}"))

    def try_out(self, place: Place) -> str:
        """Sign in and look into the folders."""
        with signed_in(place) as client, told():
            for name in filter(None, (place.text("folder_out"), place.text("folder_in"))):
                make_folder(client, name)
                client.listdir(name)
        return "Signed in; the folders are there."


@contextmanager
def signed_in(place: Place) -> Iterator[paramiko.SFTPClient]:
    """A client of the server whose key is the pinned one. Raises Temporary, Refused."""
    channel = paramiko.Transport(reached(place))
    try:
        channel.banner_timeout = channel.auth_timeout = PATIENCE
        prefer(channel, place.text("host_key"))
        greet(channel, place)
        client = paramiko.SFTPClient.from_transport(channel)
        if client is None:
            raise Temporary("The server opened no SFTP channel.")
        client.get_channel().settimeout(PATIENCE)  # type: ignore[union-attr]
        yield client
    except paramiko.SSHException as error:
        raise Temporary(f"The server broke off: {error}.") from error
    finally:
        channel.close()


def reached(place: Place) -> socket.socket:
    """A socket to a judged address of the server. Raises Temporary, Refused."""
    host, port = place.text("host"), int(place.text("port") or 22)
    try:
        addresses = outbound.resolve(host, port)
        allowed = outbound.allowances()
        if (host.lower(), port) not in allowed.pairs:
            outbound.refuse_private(host, addresses, allowed)
    except (outbound.BadTarget, outbound.Unreachable) as error:
        raise failed(error) from error
    problem: OSError = TimeoutError("no address answered")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=PATIENCE)
        except OSError as error:
            problem = error
    raise Temporary(f"{host} cannot be reached: {problem}.")


def prefer(channel: paramiko.Transport, host_key: str) -> None:
    """Ask for the kind of key that is pinned, where the whole key is known."""
    kind = host_key.split()[0] if " " in host_key.strip() else ""
    options = channel.get_security_options()
    if kind in options.key_types:
        options.key_types = (kind,)


def greet(channel: paramiko.Transport, place: Place) -> None:
    """Agree on keys, judge the server's, sign in. Raises Temporary, Refused."""
    try:
        channel.start_client(timeout=PATIENCE)
        require_pinned(channel.get_remote_server_key(), place.text("host_key"))
        if place.text("private_key"):
            channel.auth_publickey(place.text("user"), private_key_of(place.text("private_key")))
        else:
            channel.auth_password(place.text("user"), place.text("password"))
    except paramiko.AuthenticationException as error:
        raise Temporary("The server refuses this user name with this password or key.") from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise Temporary(f"The server does not speak SFTP with us: {error}.") from error


def require_pinned(key: paramiko.PKey, host_key: str) -> None:
    """The server is the one that was meant. Raises Refused."""
    found = fingerprint(key.asbytes())
    wanted = pinned(host_key)
    if not wanted:
        raise Refused(f"The key of the server is {found}. Compare it, and enter it here.")
    if wanted != found:
        raise Refused(f"The server shows another key than the one entered: {found}.")


def pinned(host_key: str) -> str:
    """The fingerprint that an entered key stands for; "" for none or an unreadable one."""
    words = host_key.split()
    if len(words) == 1 and words[0].startswith("SHA256:"):
        return words[0].rstrip("=")
    try:
        return fingerprint(base64.b64decode(words[1], validate=True)) if len(words) > 1 else ""
    except ValueError:
        return ""


def fingerprint(key: bytes) -> str:
    """As `ssh-keygen -l` shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def private_key_of(text: str) -> paramiko.PKey:
    """A private key of any kind. Raises Refused."""
    for kind in KEYS:
        with suppress(paramiko.SSHException, ValueError, IndexError):
            return kind.from_private_key(io.StringIO(text.strip() + "\n"))
    raise Refused("This is no private key without a passphrase, in OpenSSH or PEM form.")


@contextmanager
def told() -> Iterator[None]:
    """What the server refuses, in one sentence. Raises Temporary."""
    try:
        yield
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise Temporary(f"The server refuses: {error}.") from error


def read(client: paramiko.SFTPClient, path: str) -> bytes | None:
    """The bytes of a file that does not grow while it is read; None: look again later."""
    try:
        before = client.stat(path)
        with client.open(path, "rb") as file:
            file.prefetch(before.st_size)
            data = file.read(LARGEST + 1)
        after = client.stat(path)
    except FileNotFoundError:
        return None
    same = (before.st_size, before.st_mtime) == (after.st_size, after.st_mtime)
    return data if same and len(data) == after.st_size else None


def make_folder(client: paramiko.SFTPClient, folder: str) -> None:
    """The folder is there. Raises OSError where it cannot be made."""
    try:
        client.stat(folder)
    except FileNotFoundError:
        client.mkdir(folder)


def is_file(entry: paramiko.SFTPAttributes) -> bool:
    """Whether a name in a listing is a plain file."""
    return stat.S_ISREG(entry.st_mode or 0)


def joined(folder: str, name: str) -> str:
    """A path on the server."""
    return f"{folder.rstrip('/')}/{name}"
