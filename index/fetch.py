"""A page of the web in, a file out; only from hosts that the owner has listed.

Every redirect is checked like the first address, so that a listed host cannot lead to an
unlisted one. Knows nothing of what the page says.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index.errors import CorpusError
from index.text import slug

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 5_000_000
DEADLINE_S = 30.0
"""For the whole page, redirects included."""

MOST_REDIRECTS = 5
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


def is_address(source: str) -> bool:
    """Whether this is an address of any kind and not the path of a file."""
    scheme, mark, _ = source.partition("://")
    return bool(mark) and scheme.isascii() and scheme.isalpha() and len(scheme) > 1


def fetch(url: str, hosts: Sequence[str], folder: Path) -> Path:
    """Write the page into `folder`, under a name made from its address; returns the file.

    Raises:
        CorpusError: naming the address, if its host is not listed, or if it does not give a
            page of text in time.
    """
    import httpx

    until = time.monotonic() + DEADLINE_S
    with httpx.Client(timeout=DEADLINE_S, headers={"Accept": ", ".join(SUFFIXES)}) as client:
        for _ in range(MOST_REDIRECTS + 1):
            _check(url, hosts)
            try:
                with client.stream("GET", url) as response:
                    if not response.has_redirect_location:
                        return _save(url, response, folder, until)
                    url = urljoin(url, response.headers["location"])
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise CorpusError(
                    url, None, f"it cannot be fetched ({type(error).__name__})."
                ) from error
    raise CorpusError(url, None, f"it redirects more than {MOST_REDIRECTS} times.")


def _check(url: str, hosts: Sequence[str]) -> None:
    """Raise a CorpusError if a page must not be fetched from there."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"}:
        raise CorpusError(url, None, "only http and https addresses are fetched.")
    if host not in hosts:
        raise CorpusError(
            url,
            None,
            f"pages are fetched only from hosts you list: GLUTE_GUIDE_FETCH_HOSTS={host}. "
            "Or save the page and give the file.",
        )


def _save(url: str, response: httpx.Response, folder: Path, until: float) -> Path:
    if response.status_code != 200:
        raise CorpusError(url, None, f"the server answers {response.status_code}.")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in SUFFIXES:
        raise CorpusError(url, None, f"it is {kind or 'of no kind that is said'}, not a page.")
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > MAX_BYTES:
            raise CorpusError(url, None, f"the page is larger than {MAX_BYTES // 1_000_000} MB.")
        if time.monotonic() > until:
            raise CorpusError(url, None, f"the page did not come within {DEADLINE_S:.0f} s.")
    try:
        text = body.decode(response.charset_encoding or "utf-8")
    except (LookupError, UnicodeDecodeError):
        raise CorpusError(url, None, "its characters cannot be read; save it as UTF-8.") from None
    parts = urlsplit(url)
    name = slug(Path(parts.path).stem) or slug(parts.hostname or "") or "page"
    path = folder / f"{name[:60]}{SUFFIXES[kind]}"
    path.write_text(text, "utf-8")
    return path
