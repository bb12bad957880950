"""A page of short lists in four formats: plain text, Markdown, HTML, and Slack's mrkdwn.

Pages of sections of items arrive, texts leave. Every word that a person typed is escaped for its format; the
HTML stands alone, loads nothing and says with words whatever a colour says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from okrsync.reports.data import FORMAT
from okrsync.reports.lines import alert, dim, good, heading
from okrsync.reports.markup import html, markdown, slack
from okrsync.reports.words import clean

MOST = 12
"""Items of one section that are shown; a page for a short meeting stays a page."""


@dataclass(frozen=True)
class Item:
    """One line: what it is about, what to say about it, and where it stands."""

    name: str
    text: str
    url: str | None = None

    @property
    def link(self) -> str | None:
        """Its address, if a browser may open it."""
        return self.url if self.url and urlsplit(self.url).scheme in ("http", "https") else None


@dataclass(frozen=True)
class Section:
    """A list with a heading. `tone` is good, alert or plain."""

    title: str
    items: Sequence[Item]
    tone: str = "plain"
    note: str = ""
    """Where it stands, for a heading that is a thing itself; without it the heading counts its items."""

    @property
    def aside(self) -> str:
        """What stands beside the title."""
        return self.note or str(len(self.items))


@dataclass(frozen=True)
class Page:
    """One page; sections without items are left out."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    nothing: str = "Nothing to tell."
    most: int = MOST
    """How many items of a section are shown."""

    @property
    def shown(self) -> list[Section]:
        """The sections that have something to say."""
        return [each for each in self.sections if each.items]

    def more(self, section: Section) -> str:
        """How many items of a section are left out, in words; empty where none is."""
        left = len(section.items) - self.most
        return f"… and {left} more" if left > 0 else ""


def as_text(pages: Iterable[Page]) -> str:
    """For a terminal or a plain e-mail."""
    return "\n\n".join("\n".join(_text(page)) for page in pages)


def _text(page: Page) -> Iterator[str]:
    colour: dict[str, Callable[[str], str]] = {"good": good, "alert": alert, "plain": str}
    yield heading(clean(page.title))
    yield dim(clean(page.subtitle))
    for section in page.shown:
        yield ""
        yield colour[section.tone](f"{clean(section.title)} ({clean(section.aside)})")
        for item in section.items[: page.most]:
            yield f"  {clean(item.name)}"
            yield f"      {clean(item.text)}"
        yield from _if(page.more(section), "  {}")
    yield from _if("" if page.shown else page.nothing, "\n{}")


def as_markdown(pages: Iterable[Page]) -> str:
    """For a wiki, a pull request or a chat that reads Markdown."""
    return "\n\n".join("\n".join(_markdown(page)) for page in pages)


def _markdown(page: Page) -> Iterator[str]:
    yield f"## {markdown(page.title)}"
    yield f"\n{markdown(page.subtitle)}"
    for section in page.shown:
        yield f"\n### {markdown(section.title)} ({markdown(section.aside)})\n"
        for item in section.items[: page.most]:
            name = markdown(item.name)
            linked = f"[{name}](<{_address(item.link)}>)" if item.link else f"**{name}**"
            yield f"- {linked}: {markdown(item.text)}"
        yield from _if(page.more(section), "- {}")
    yield from _if("" if page.shown else page.nothing, "\n{}")


def _address(url: str) -> str:
    """An address between angle brackets of Markdown or Slack."""
    return clean(url).replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace(" ", "%20")


def as_slack(pages: Iterable[Page]) -> str:
    """For a Slack message."""
    return "\n\n".join("\n".join(_slack(page)) for page in pages)


def _slack(page: Page) -> Iterator[str]:
    yield f"*{slack(page.title)}*"
    yield f"_{slack(page.subtitle)}_"
    for section in page.shown:
        yield f"\n*{slack(section.title)} ({slack(section.aside)})*"
        for item in section.items[: page.most]:
            name = slack(item.name)
            linked = f"<{slack(_address(item.link))}|{name}>" if item.link else name
            yield f"• {linked}: {slack(item.text)}"
        yield from _if(page.more(section), "{}")
    yield from _if("" if page.shown else page.nothing, "\n{}")


_STYLE = """\
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:2.5rem 0 0}h2{font-size:1.05rem;margin:1.5rem 0 .5rem;padding-left:.6rem}
h2.plain{border-left:.3rem solid #8a8a8a}h2.good{border-left:.3rem solid #2e8b57}
h2.alert{border-left:.3rem solid #d08700}
p{margin:.2rem 0;opacity:.75}ul{margin:0;padding-left:1.2rem}li{margin:.35rem 0}
h2 small{font-weight:normal;opacity:.75;white-space:nowrap;margin-left:.4rem}
li span{display:block;opacity:.8}a{color:inherit;text-decoration-color:#8a8a8a}
"""


def as_html(pages: Iterable[Page], title: str) -> str:
    """For a browser or an e-mail: one file, nothing loaded from elsewhere."""
    body = "\n".join(line for page in pages for line in _html(page))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>"
    )


def _html(page: Page) -> Iterator[str]:
    yield f"<h1>{html(page.title)}</h1>"
    yield f"<p>{html(page.subtitle)}</p>"
    for section in page.shown:
        aside = f"<small>{html(section.note)}</small>" if section.note else f"({section.aside})"
        yield f'<h2 class="{section.tone}">{html(section.title)} {aside}</h2>'
        yield "<ul>"
        for item in section.items[: page.most]:
            name = html(item.name)
            linked = f'<a href="{html(item.link)}">{name}</a>' if item.link else f"<b>{name}</b>"
            yield f"<li>{linked}<span>{html(item.text)}</span></li>"
        yield from _if(page.more(section), "<li>{}</li>")
        yield "</ul>"
    yield from _if("" if page.shown else html(page.nothing), "<p>{}</p>")


def _if(text: str, form: str) -> Iterator[str]:
    if text:
        yield form.format(text)


def page_json(page: Page) -> dict[str, Any]:
    """A page for programs, every item of it."""
    return {
        "format": FORMAT,
        "title": page.title,
        "sections": [
            {"title": each.title, "items": [vars(item) for item in each.items]} for each in page.sections
        ],
    }


FORMATS: Mapping[str, Callable[[Sequence[Page]], str]] = MappingProxyType(
    {
        "text": as_text,
        "markdown": as_markdown,
        "html": lambda pages: as_html(pages, pages[0].title if len(pages) == 1 else "OKR digest"),
        "slack": as_slack,
    }
)
"""What renders a format, by its name."""
