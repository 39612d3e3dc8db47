"""Debian's dovecot, really run: on loopback ports of its own, in a folder of its own, as nobody."""

import contextlib
import datetime as dt
import grp
import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# Debian puts it where only root looks.
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
IS_INSTALLED = PROGRAM is not None
USER, PASSWORD = "letters", "a pass,word"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {name}
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
ssl = yes
auth_failure_delay = 0
ssl_cert = <{folder}/certificate
ssl_key = <{folder}/key
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
"""


@dataclass
class Dovecot:
    """A running server with one user."""

    folder: Path
    plain: int
    tls: int
    uid: int
    count: int = 0

    def put(self, raw: bytes) -> None:
        """Deliver a message."""
        self.count += 1
        place = self.folder / "mail" / "new" / f"{time.time_ns()}.{self.count}.test"
        place.write_bytes(raw)
        os.chown(place, self.uid, -1)

    def seen(self) -> int:
        """Return how many messages were marked as read."""
        return sum(one.name.rpartition(",")[2].count("S") for one in (self.folder / "mail" / "cur").iterdir())

    def renumber(self) -> None:
        """Forget the numbers of the messages, as after a restored backup."""
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.folder / "mail" / name).unlink(missing_ok=True)

    def empty(self) -> None:
        """Take every message away."""
        for one in [*(self.folder / "mail" / "cur").iterdir(), *(self.folder / "mail" / "new").iterdir()]:
            one.unlink()


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    """Start the server, and end it with its folder."""
    who = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder, _free_port(), _free_port(), who.pw_uid)
    _prepare(server, who)
    as_who = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [PROGRAM or "dovecot", "-F", "-c", str(folder / "configuration")]
    process = subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_who)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(server: Dovecot, who: pwd.struct_passwd) -> None:
    folder = server.folder
    for name in ("mail/new", "mail/cur", "mail/tmp", "home", "state"):
        (folder / name).mkdir(parents=True)
    (folder / "passwords").write_text(f"{USER}:{PASSWORD}\n")
    group = grp.getgrgid(who.pw_gid).gr_name
    places = {"folder": folder, "name": who.pw_name, "group": group, "uid": who.pw_uid, "gid": who.pw_gid}
    (folder / "configuration").write_text(CONFIGURATION.format(**places, plain=server.plain, tls=server.tls))
    _certify(folder)
    for one in [folder, *folder.rglob("*")]:
        os.chown(one, who.pw_uid, who.pw_gid)


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    day = dt.timedelta(days=1)
    made = made.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    made = made.add_extension(names, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    (folder / "certificate").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key").write_bytes(key.private_bytes(*pem))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.tls), 1):
            return
        time.sleep(0.02)
    raise AssertionError((server.folder / "log").read_text() if (server.folder / "log").exists() else "no dovecot")
