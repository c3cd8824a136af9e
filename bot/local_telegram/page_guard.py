"""What keeps the chat page to this machine and its files harmless."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import quote

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, RequestHandler

PAGE_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
SANDBOX_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PASSIVE = re.compile(
    r"application/(?:pdf|json)|text/(?:plain|csv)|image/(?:png|jpeg|gif|webp|bmp|avif)"
    r"|(?:audio|video)/[\w.+-]+"
)
"""Types that cannot run scripts.  Browsers refuse to show a PDF inside a sandbox."""

HOST = re.compile(r"(?:\[(?P<bracketed>[^\]]+)\]|(?P<plain>[^:]+))(?::\d+)?")
MIME = re.compile(r"[a-z]+/[\w.+-]+", re.ASCII)
NAME_OUTSIDE_ASCII = re.compile(r"[^A-Za-z0-9._ -]")


class LocalHandler(RequestHandler):
    """Answers this machine alone, under a loopback name.

    A loopback peer is not enough: a foreign site whose name is made to point here (DNS
    rebinding) would be read by the browser as its own.
    """

    def prepare(self) -> None:
        """Refuse other machines, other names and, where something changes, other origins."""
        refuse_strangers(self.request)
        origin = self.request.headers.get("Origin", "")
        if self.request.method == "POST" and not is_same_origin(origin, self.request):
            raise HTTPError(403, log_message="The request comes from another site")

    def set_default_headers(self) -> None:
        """What holds for every answer."""
        self.set_header("Content-Security-Policy", PAGE_POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-cache")


def refuse_strangers(request: HTTPServerRequest) -> None:
    """Raise a 403 unless the request comes from this machine and names it by a loopback name."""
    named = HOST.fullmatch(request.host)
    name = (named["bracketed"] or named["plain"]) if named else None
    if not is_loopback(request.remote_ip) or not is_loopback(name):
        raise HTTPError(403, log_message="The chat page answers on this machine only")


def is_same_origin(origin: str, request: HTTPServerRequest) -> bool:
    """Whether an ``Origin`` header names the page itself."""
    host = request.host.lower()
    return origin.lower() in {f"http://{host}", f"https://{host}"}


def is_loopback(host: str | None) -> bool:
    """Whether an address or a host name is this machine's own."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def shown_as(mime: str) -> tuple[str, str | None]:
    """The content type of a file, and the policy that keeps it from running scripts here."""
    safe = mime if MIME.fullmatch(mime) else "application/octet-stream"
    kind = f"{safe}; charset=utf-8" if safe.startswith("text/") else safe
    return kind, None if PASSIVE.fullmatch(safe) else SANDBOX_POLICY


def content_disposition(name: str) -> str:
    """An inline disposition with a name that cannot break out of the header (RFC 6266)."""
    plain = NAME_OUTSIDE_ASCII.sub("_", name)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
