"""Reading pages as a browser does: their links, and what a strict browser would refuse to run."""

from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

# Attributes that name an address which a GET may fetch.
LINKS = {"href", "hx-get"}
ADDRESSES = LINKS | {"src", "action", "formaction", "hx-post"}
# So many addresses of one view, and of one view with the same conditions, are looked at.
ENOUGH, ENOUGH_ALIKE = 8, 2


class Page(HTMLParser):
    """`links` are addresses as they stand; `offences` is what a strict CSP would not let run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.offences: list[str] = []
        self._script = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in LINKS & given.keys() if tag != "link"]
        self.offences += [f"<{tag} {name}>" for name in given if _runs(name)]
        self.offences += [
            f"<{tag} {name}={given[name][:40]}>"
            for name in ADDRESSES & given.keys()
            if urlsplit(given[name].strip()).scheme not in ("", "http", "https", "tel", "mailto")
        ]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.offences.append(f"<{tag}>")


def _runs(attribute: str) -> bool:
    return attribute == "style" or attribute.startswith(("on", "hx-on", "data-hx-on"))


class Answer:
    """What came from an address: the response, its whole text, and that as a page."""

    def __init__(self, url: str, response: HttpResponseBase) -> None:
        self.url = url
        self.response = response
        self.text = text_of(response)
        self.page = Page(self.text if is_html(response) else "")


def crawl(client: Client, *start: str) -> Iterator[Answer]:
    """Every local page that links lead to, a few of each kind."""
    waiting = deque(start or ("/",))
    known = set(waiting)
    kinds: Counter[object] = Counter()
    while waiting:
        url = waiting.popleft()
        view, conditions = _kind(url)
        if kinds[view] >= ENOUGH or kinds[view, conditions] >= ENOUGH_ALIKE:
            continue
        kinds.update([view, (view, conditions)])
        answer = Answer(url, client.get(url))
        yield answer
        for link in _local_links(answer):
            if link not in known:
                known.add(link)
                waiting.append(link)


def _local_links(answer: Answer) -> Iterator[str]:
    redirect = answer.response.get("Location")
    for link in [redirect] if redirect else answer.page.links:
        whole = urlsplit(urljoin(f"http://testserver{answer.url}", link))
        if whole.netloc == "testserver" and not whole.path.startswith("/static/"):
            yield whole._replace(scheme="", netloc="", fragment="").geturl()


def _kind(url: str) -> tuple[str, frozenset[str]]:
    """The view of an address, and the names of its conditions."""
    parts = urlsplit(url)
    try:
        view = resolve(parts.path).view_name
    except Resolver404:
        view = parts.path
    return view, frozenset(parse_qs(parts.query, keep_blank_values=True))


def is_html(response: HttpResponseBase) -> bool:
    return response.get("Content-Type", "").startswith("text/html")


def text_of(response: HttpResponseBase) -> str:
    """The whole body, streamed or not."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return content.decode(errors="replace")
