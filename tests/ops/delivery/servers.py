"""Receivers that fail in every way: an HTTP endpoint and a mail server on the loopback, scripted answer by answer."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Play = Callable[[socket.socket], None]


class Receiver:
    """A server that plays one act per connection, the last one for all that follow. `received` is what was taken."""

    def __init__(self, *acts: Any) -> None:
        self.acts = list(acts)
        self.received: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                act = outer.acts[min(outer.connections, len(outer.acts) - 1)]
                outer.connections += 1
                with suppress(OSError):  # the sender went away
                    act(outer, self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self) -> Receiver:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def read_request(connection: socket.socket) -> bytes:
    """One HTTP request, whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    sizes = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while sizes and len(body) < int(sizes[0]):
        body += connection.recv(65536)
    return body


def answers(status: str, *headers: str) -> Any:
    """Takes the request and answers with a status line."""

    def act(receiver: Receiver, connection: socket.socket) -> None:
        body = read_request(connection)
        if status.startswith("2"):
            receiver.received.append(body)
        lines = [f"HTTP/1.1 {status}", "Content-Length: 0", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())

    return act


def takes_and_hangs(receiver: Receiver, connection: socket.socket) -> None:
    receiver.received.append(read_request(connection))
    receiver.closing.wait(60)


def takes_and_cuts(receiver: Receiver, connection: socket.socket) -> None:
    receiver.received.append(read_request(connection))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def takes_and_drips(receiver: Receiver, connection: socket.socket) -> None:
    """A byte of the answer now and then: no timeout of a single read ever fires."""
    receiver.received.append(read_request(connection))
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500:
        connection.sendall(bytes([byte]))
        if receiver.closing.wait(0.3):
            return


def secured(act: Any, folder: Path) -> Any:
    """The act behind TLS with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_certificate(folder))

    def secure(receiver: Receiver, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as safe:
            act(receiver, safe)

    return secure


def mail(
    *,
    greets: str = "220 here",
    rcpt: tuple[str, ...] = ("250 ok",),
    data: str = "354 go on",
    end: str | None = "250 taken",
) -> Any:
    """A mail server: what it says to each step; None at the end hangs up after the whole mail."""

    def act(receiver: Receiver, connection: socket.socket) -> None:
        stream = connection.makefile("rwb")

        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        say(greets)
        asked = 0
        for line in stream:
            command = line[:4].upper().strip()
            if command == b"DATA":
                say(data)
                if data.startswith("354"):
                    _take_mail(receiver, stream, end, say)
                    if end is None:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                        stream.close()
                        return
            elif command == b"RCPT":
                say(rcpt[min(asked, len(rcpt) - 1)])
                asked += 1
            elif command == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    return act


def _take_mail(receiver: Receiver, stream: Any, end: str | None, say: Callable[[str], None]) -> None:
    content = b""
    for line in stream:
        if line == b".\r\n":
            break
        content += line
    if end is None or end.startswith("250"):
        receiver.received.append(content)
    if end is not None:
        say(end)


def _own_certificate(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - dt.timedelta(days=1))
    signed = built.not_valid_after(now + dt.timedelta(days=1)).add_extension(names, False).sign(key, hashes.SHA256())
    path = folder / "own.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def nobody() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
