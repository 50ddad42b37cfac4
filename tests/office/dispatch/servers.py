"""Real servers for the tests of mail: SMTP by aiosmtpd, IMAP by dovecot, and a certificate."""

import contextlib
import email
import email.policy
import getpass
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER = "northlight"
PASSWORD = "canary-7Qz-tulip"
DOVECOT = shutil.which("dovecot") or ("/usr/sbin/dovecot" * Path("/usr/sbin/dovecot").exists())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def certificate(folder: Path) -> Path:
    """A self-made certificate with its key, in one PEM file, for localhost and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "mail.pem"
    place.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    place.chmod(0o600)
    return place


@dataclass
class Received:
    """One mail that the server took."""

    sender: str
    recipients: list[str]
    raw: bytes
    is_encrypted: bool
    user: str = ""

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)  # type: ignore[return-value]

    @property
    def pdf(self) -> bytes:
        attached = list(self.message.iter_attachments())
        assert [part.get_content_type() for part in attached] == ["application/pdf"]
        return attached[0].get_content()


@dataclass
class PostOffice:
    """A handler whose answers a test can change while it runs."""

    mails: list[Received] = field(default_factory=list)
    answer: str = "250 OK"
    by_recipient: dict[str, str] = field(default_factory=dict)
    reached: threading.Event = field(default_factory=threading.Event)
    hold: float = 0.0
    port: int = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.by_recipient.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        import asyncio

        self.reached.set()
        await asyncio.sleep(self.hold)
        if self.answer.startswith("2"):
            self.mails.append(
                Received(
                    envelope.mail_from,
                    list(envelope.rcpt_tos),
                    envelope.original_content,
                    server.transport.get_extra_info("sslcontext") is not None,
                    str(session.auth_data or ""),
                )
            )
        return self.answer

    def wait_for(self, count: int, *, seconds: float = 30) -> None:
        """Until so many mails were taken."""
        end = time.monotonic() + seconds
        while len(self.mails) < count:
            assert time.monotonic() < end, f"{len(self.mails)} of {count} mails came"
            time.sleep(0.05)


def signed_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
    """Lets one user in."""
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=good, auth_data=USER if good else None)


@contextlib.contextmanager
def post_office(pem: Path | None = None, *, tls: bool = False) -> Iterator[PostOffice]:
    """A running SMTP server; with a certificate it wants STARTTLS (or TLS) and a sign-in."""
    office = PostOffice(port=free_port())
    options: dict[str, Any] = {"data_size_limit": 50_000_000}
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        options["authenticator"] = signed_in
        if tls:
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@contextlib.contextmanager
def talker(*lines: bytes, pause: float = 0.0, endless: bytes = b"") -> Iterator[int]:
    """A server that says fixed lines, one for each thing that it hears; gives its port.

    After them it says `endless` again and again, every `pause` seconds.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        listener.settimeout(0.2)
        while not stop.is_set():
            with contextlib.suppress(OSError):
                peer, _ = listener.accept()
                with peer, contextlib.suppress(OSError):
                    peer.settimeout(5)
                    for number, line in enumerate(lines):
                        heard = peer.recv(100_000) if number else b""
                        while number and lines[number - 1].startswith(b"354"):
                            if heard.endswith(b"\r\n.\r\n"):
                                break
                            heard += peer.recv(100_000)
                        peer.sendall(line)
                    while endless and not stop.wait(pause):
                        peer.sendall(endless)
                    stop.wait(pause)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join(5)
        listener.close()


@dataclass
class Mailbox:
    """One mailbox of a running dovecot, as a folder of files."""

    folder: Path
    port: int
    tls_port: int

    def put(self, mail: bytes, *, name: str) -> None:
        """Deliver a mail."""
        new = self.folder / "new"
        (self.folder / "tmp" / name).write_bytes(mail)
        (self.folder / "tmp" / name).rename(new / name)

    def flags(self) -> dict[str, str]:
        """Name of each mail → its flags, such as S for seen."""
        found = {}
        for place in (*(self.folder / "cur").iterdir(), *(self.folder / "new").iterdir()):
            name, _, flags = place.name.partition(":2,")
            found[name.partition(",")[0]] = flags
        return found


CONFIG = """
protocols = imap
base_dir = {run}
state_dir = {run}
log_path = {home}/dovecot.log
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {user}
default_internal_group = {group}
ssl = yes
ssl_cert = <{pem}
ssl_key = <{pem}
disable_plaintext_auth = no
mail_location = maildir:{home}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
mailbox_list_index = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@contextlib.contextmanager
def dovecot(pem: Path, folder: Path) -> Iterator[Mailbox]:
    """A running IMAP server with one mailbox, on ports of its own and as this user."""
    import grp
    import pwd

    home = folder / "home"
    mail = home / "mail"
    for name in ("cur", "new", "tmp"):
        (mail / name).mkdir(parents=True)
    # Sockets have short names only (108 bytes).
    run = Path(f"/tmp/gd-{os.getpid()}-{free_port()}")
    run.mkdir(mode=0o755)
    me = getpass.getuser()
    is_root = os.getuid() == 0
    box = Mailbox(mail, free_port(), free_port())
    owner = pwd.getpwnam("dovecot" if is_root else me)
    if is_root:  # the mail processes refuse to be root
        for place in (folder, *folder.parents):
            if place == Path("/tmp"):
                break
            place.chmod(place.stat().st_mode | 0o711)
        for place in (home, mail, *mail.iterdir()):
            shutil.chown(place, owner.pw_uid, owner.pw_gid)
            place.chmod(0o777)
    config = folder / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            run=run,
            home=home,
            pem=pem,
            login="dovenull" if is_root else me,
            user=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=PASSWORD,
            port=box.port,
            tls_port=box.tls_port,
        )
    )
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(config)], stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 15
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", box.port)):
                break
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
            assert time.monotonic() < end, (home / "dovecot.log").read_text()
            time.sleep(0.1)
        yield box
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        shutil.rmtree(run, ignore_errors=True)
