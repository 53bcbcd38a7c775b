"""One message to one target, in a process of its own: the only file that imports Apprise.

Apprise says no more than "it did not work", whatever happened, and a receiver that sends a byte every few seconds holds
its thread for ever. So this runs as a program that can be ended at any moment, reads the message from standard input,
and writes down, line by line, what really went over the wire. Whoever started it can then tell "nothing was taken" from
"nobody knows", which decides whether trying again could send a message twice.

It is started by its path (`sending.py`), so it imports nothing of ours.
"""

from __future__ import annotations

import http.client
import json
import logging
import smtplib
import sys
from typing import Any

CONNECT_SECONDS = 10.0
READ_SECONDS = 15.0


def say(**facts: Any) -> None:
    """One line of the journal."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def watch_http() -> None:
    """Note each HTTP request once the first byte of it may have left, and each status that came back."""
    send, getresponse = http.client.HTTPConnection.send, http.client.HTTPConnection.getresponse

    def watched_send(self: Any, data: Any) -> None:
        if self.sock is None and self.auto_open:
            self.connect()  # a failure here has sent nothing yet
        tunnels = isinstance(data, bytes) and data.startswith(b"CONNECT ")  # to a proxy, before the request
        if not tunnels and not getattr(self, "_noted", False):
            self._noted = True
            say(wire="http", sent=True, method=getattr(self, "_method", None) or "POST")
        send(self, data)

    def watched_getresponse(self: Any, *arguments: Any, **options: Any) -> Any:
        method = getattr(self, "_method", None) or "POST"
        response = getresponse(self, *arguments, **options)
        self._noted = False
        say(wire="http", status=response.status, method=method, retry_after=response.headers.get("Retry-After"))
        return response

    http.client.HTTPConnection.send = watched_send  # type: ignore[method-assign]
    http.client.HTTPConnection.getresponse = watched_getresponse  # type: ignore[method-assign]


def watch_smtp() -> None:
    """Note the moment from which a mail may have been taken, and what the server said of each recipient."""
    data, sendmail = smtplib.SMTP.data, smtplib.SMTP.sendmail

    def watched_data(self: Any, message: Any) -> Any:
        say(wire="smtp", sent=True)
        return data(self, message)

    def watched_sendmail(self: Any, *arguments: Any, **options: Any) -> Any:
        try:
            refused = sendmail(self, *arguments, **options)
        except smtplib.SMTPRecipientsRefused as error:
            say(wire="smtp", status=max(code for code, _ in error.recipients.values()))
            raise
        except smtplib.SMTPResponseException as error:
            say(wire="smtp", status=error.smtp_code)
            raise
        say(wire="smtp", status=250, partly=bool(refused))
        return refused

    smtplib.SMTP.data = watched_data  # type: ignore[method-assign,assignment]
    smtplib.SMTP.sendmail = watched_sendmail  # type: ignore[method-assign]


def watch_logins() -> None:
    """A login or greeting that fails has sent no message; only its code says whether trying again makes sense."""
    connect, login = smtplib.SMTP.connect, smtplib.SMTP.login

    def watched_connect(self: Any, *arguments: Any, **options: Any) -> Any:
        say(wire="smtp", began=True)
        code, words = connect(self, *arguments, **options)
        if code != 220:
            say(wire="smtp", status=code)
        return code, words

    def watched_login(self: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return login(self, *arguments, **options)
        except smtplib.SMTPResponseException as error:
            say(wire="smtp", status=error.smtp_code)
            raise

    smtplib.SMTP.connect = watched_connect  # type: ignore[method-assign]
    smtplib.SMTP.login = watched_login  # type: ignore[method-assign]


def watch_connections() -> None:
    """Note whether there was any connection at all, for services that speak something else than HTTP and SMTP."""
    import socket

    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def watched_connect(self: Any, address: Any) -> None:
        try:
            connect(self, address)
        except OSError:
            say(wire="tcp", failed=True)
            raise
        say(wire="tcp", connected=True)

    def watched_getaddrinfo(*arguments: Any, **options: Any) -> Any:
        try:
            return getaddrinfo(*arguments, **options)
        except OSError:
            say(wire="tcp", failed=True)
            raise

    socket.socket.connect = watched_connect  # type: ignore[method-assign]
    socket.getaddrinfo = watched_getaddrinfo


def watch_tls() -> None:
    """A handshake that fails has sent no message; a certificate that is not trusted will not be in a minute either."""
    import ssl

    do_handshake = ssl.SSLSocket.do_handshake

    def watched_handshake(self: Any, *arguments: Any, **options: Any) -> None:
        try:
            do_handshake(self, *arguments, **options)
        except ssl.SSLCertVerificationError as error:
            say(wire="tls", untrusted=error.verify_message or "certificate")
            raise
        except OSError:  # also a receiver that says nothing at all
            say(wire="tls", failed=True)
            raise

    ssl.SSLSocket.do_handshake = watched_handshake  # type: ignore[method-assign]


def fit(text: str, most: int) -> str:
    """The text without lines of its middle, where the service takes no longer one; its last says where to go on."""
    if len(text) <= most:
        return text
    *lines, last = text.split("\n")
    while lines and len("\n".join((*lines, "…", last))) > most:
        lines.pop()
    return "\n".join((*lines, "…", last))[-most:]


def send(order: dict[str, Any]) -> None:
    """Send it; the last line of the journal says whether Apprise is content."""
    import base64

    import apprise

    asset = apprise.AppriseAsset(app_id="Dash", app_desc="Dash for support", secure_logging=True, async_mode=False)
    service = apprise.Apprise.instantiate(order["url"], asset=asset, suppress_exceptions=True)
    if service is None:
        say(invalid=True)
        return
    service.retry = 0  # it cannot know whether a second time is safe; `sending.py` does
    if "rto=" not in order["url"]:
        service.socket_read_timeout = READ_SECONDS
    if "cto=" not in order["url"]:
        service.socket_connect_timeout = CONNECT_SECONDS
    # Telegram and its like take a handful of tags and refuse a message that has others.
    as_html = service.resolve_format() == apprise.NotifyFormat.HTML and order["url"].startswith("mailto")
    body = order["html"] if as_html else fit(order["text"], service.body_maxlen - len(order["title"]) - 2)
    attached = None
    if order.get("image") and service.attachment_support:
        service.inline = as_html  # type: ignore[attr-defined]  # a mail shows it where the text says cid:chart.png
        from apprise.attachment.memory import AttachMemory

        content = base64.b64decode(order["image"])
        attached = [AttachMemory(content=content, name="chart.png", mimetype="image/png")]  # type: ignore[no-untyped-call]
    postman = apprise.Apprise(asset=asset)
    postman.add(service)
    say(begins=True)
    done = postman.notify(
        body=body,
        title=order["title"],
        body_format=apprise.NotifyFormat.HTML if as_html else apprise.NotifyFormat.TEXT,
        notify_type=order["severity"],
        attach=attached,
    )
    say(done=bool(done))


def main() -> None:
    """Read the order, watch the wire, send."""
    logging.disable(logging.CRITICAL)  # its lines name hosts, and the journal says more
    order = json.loads(sys.stdin.buffer.read())
    watch_connections()
    watch_http()
    watch_smtp()
    watch_logins()
    watch_tls()
    send(order)


if __name__ == "__main__":
    main()
