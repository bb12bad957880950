"""Rich text: what callers send, completed to what answers show.

Arrives: an array of text, mention and equation elements. Leaves: the stored elements, complete with
annotations and `plain_text`. Follows Notion's "Request limits" (2,000 characters an element, 100 elements)
and recordings (answer-only members sent along are tolerated; a user mention reads as `@Name`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from okrsync.sandbox.notion.errors import body_invalid, validation
from okrsync.sandbox.notion.state import State

Json = Any
MOST_CHARACTERS = 2000
MOST_ELEMENTS = 100
_ANNOTATIONS = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}


def plain(elements: Sequence[Json]) -> str:
    """The text without formatting."""
    return "".join(element["plain_text"] for element in elements)


def from_plain(text: str) -> list[Json]:
    """Unformatted text, in one element a person can have typed at any length; empty text is no element."""
    return [] if text == "" else [_complete("text", {"content": text, "link": None}, text, {})]


def from_wire(state: State, raw: Json, path: str) -> list[Json]:
    """Completes an array of elements. Raises ApiError 400."""
    if not isinstance(raw, list):
        raise body_invalid(path, "an array", raw)
    if len(raw) > MOST_ELEMENTS:
        raise validation(
            f"body failed validation: body.{path}.length should be ≤ `{MOST_ELEMENTS}`, "
            f"instead was `{len(raw)}`."
        )
    elements = [_element(state, each, f"{path}[{index}]") for index, each in enumerate(raw)]
    return [element for element in elements if element["plain_text"] != ""]


def _element(state: State, raw: Json, path: str) -> Json:
    if not isinstance(raw, dict):
        raise body_invalid(path, "an object", raw)
    kind = next((name for name in ("text", "mention", "equation") if isinstance(raw.get(name), dict)), None)
    if kind is None:
        raise body_invalid(f"{path}.text", "defined", ...)
    content = raw[kind]
    shown = {"text": _shown_text, "mention": _shown_mention, "equation": _shown_equation}[kind]
    text = shown(state, content, path)
    if kind == "text":
        content = {"content": text, "link": content.get("link")}
    return _complete(kind, content, text, raw.get("annotations") or {})


def _shown_text(state: State, content: Json, path: str) -> str:
    text = content.get("content", ...)
    if not isinstance(text, str):
        raise body_invalid(f"{path}.text.content", "a string", text)
    # whether Notion counts code points or UTF-16 units is not known; the stricter reading is imitated
    length = len(text.encode("utf-16-le")) // 2
    if length > MOST_CHARACTERS:
        raise validation(
            f"body failed validation: body.{path}.text.content.length should be ≤ `{MOST_CHARACTERS}`, "
            f"instead was `{length}`."
        )
    return text


def _shown_mention(state: State, content: Json, path: str) -> str:
    user = state.users.get(str((content.get("user") or {}).get("id")))
    if user is not None:
        return f"@{user.name}"
    page = state.pages.get(str((content.get("page") or {}).get("id")))
    if page is not None:
        return plain(page.values.get("title", [])) or "Untitled"
    raise body_invalid(f"{path}.mention", "a known user or page", content)


def _shown_equation(state: State, content: Json, path: str) -> str:
    expression = content.get("expression", ...)
    if not isinstance(expression, str):
        raise body_invalid(f"{path}.equation.expression", "a string", expression)
    return expression


def _complete(kind: str, content: Json, text: str, annotations: Json) -> Json:
    link = content.get("link") if kind == "text" else None
    return {
        "type": kind,
        kind: content,
        "annotations": _ANNOTATIONS | annotations,
        "plain_text": text,
        "href": link["url"] if isinstance(link, dict) else None,
    }
