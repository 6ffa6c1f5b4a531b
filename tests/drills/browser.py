"""A person at the pages: cookies, forms as they stand, and how long each took."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

from lxml import html

PASSWORD = "demo-axsupport"


@dataclass(frozen=True)
class Page:
    """`status` 0 where none came; `url` is where it ended after all redirects."""

    status: int
    seconds: float
    text: str
    url: str

    @property
    def alerts(self) -> str:
        """What the page says about what went wrong."""
        if not self.text.strip().startswith("<"):
            return self.text[:200]
        wanted = "//*[@role='alert'] | //*[contains(@class, 'invalid-feedback')] | //h1"
        found = html.fromstring(self.text).xpath(wanted)
        return " ".join(" ".join(one.text_content().split()) for one in found)


class Browser:
    def __init__(self, address: str, email: str) -> None:
        self.address, self.email = address, email
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def sign_in(self, *, patience: float = 90) -> Page:
        given = {"login": self.email, "password": PASSWORD}
        return self.submit("/accounts/login/", given, patience=patience)

    def get(self, path: str, *, patience: float = 90) -> Page:
        return self._open(path, None, patience)

    def submit(self, path: str, given: dict[str, str], *, patience: float = 90) -> Page:
        """Open the page, fill in the form that has these fields, send it; both times together."""
        page = self.get(path, patience=patience)
        if page.status != 200:
            return page
        for form in html.fromstring(page.text).forms:
            if set(given) <= set(form.inputs.keys()):
                fields = dict(form.form_values()) | given
                target = urllib.parse.urljoin(page.url, form.action or page.url)
                sent = self._open(target, fields, patience)
                return Page(sent.status, page.seconds + sent.seconds, sent.text, sent.url)
        raise LookupError(f"{path} has no form with {sorted(given)}")

    def _open(self, path: str, fields: dict[str, str] | None, patience: float) -> Page:
        url = urllib.parse.urljoin(self.address, path)
        body = urllib.parse.urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(url, body, {"Referer": url, "Accept": "text/html"})
        started = time.monotonic()
        try:
            with self._opener.open(request, timeout=patience) as got:
                text = got.read().decode(errors="replace")
                return Page(got.status, time.monotonic() - started, text, got.url)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            return Page(error.code, time.monotonic() - started, text, url)
        except OSError as error:
            return Page(0, time.monotonic() - started, repr(error), url)
