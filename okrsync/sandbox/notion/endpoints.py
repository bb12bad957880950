"""The addresses of the imitated API and what each answers.

Arrives: a `Call`. Leaves: the answer object without its request id, or an `ApiError`. Only what a
connection sees is answered: an object that is not shared is 404, like one that does not exist (recorded).
"""

from __future__ import annotations

from typing import Any

from okrsync.sandbox.notion import show
from okrsync.sandbox.notion.columns import planned_changes
from okrsync.sandbox.notion.errors import body_invalid, not_found, user_not_found
from okrsync.sandbox.notion.http import Call, Endpoint
from okrsync.sandbox.notion.ids import canonical, new_id
from okrsync.sandbox.notion.page_endpoints import PAGE_ENDPOINTS, visible_page
from okrsync.sandbox.notion.query import Query
from okrsync.sandbox.notion.state import Comment, DataSource
from okrsync.sandbox.notion.text import from_wire, plain

Json = Any


def me(call: Call) -> dict[str, Json]:
    """The connection's bot; the cheapest check of a token."""
    return show.own_bot(call.state)


def users(call: Call) -> dict[str, Json]:
    """Members and bots, not guests (documented) and not groups, which are no users."""
    listed = [user for user in call.state.users.values() if not user.guest and user.type != "group"]
    shown = {user.id: _user(call, user.id) for user in listed}
    return _portion(call, "users", shown, "user")


def user(call: Call) -> dict[str, Json]:
    """One user, guests included."""
    user_id = call.path_id("user_id")
    if user_id not in call.state.users:
        raise user_not_found(call.state, user_id)
    return _user(call, user_id)


def _user(call: Call, user_id: str) -> dict[str, Json]:
    if user_id == call.state.bot_id:
        return show.own_bot(call.state)
    return show.full_user(call.state, call.state.users[user_id])


def database(call: Call) -> dict[str, Json]:
    """The container and its data sources."""
    database_id = call.path_id("database_id")
    if database_id not in call.state.databases or not call.state.sees_database(database_id):
        raise not_found(call.state, "database", database_id)
    return show.database(call.state, call.version, call.state.databases[database_id])


def data_source(call: Call) -> dict[str, Json]:
    """A table's schema."""
    return show.data_source(call.state, call.version, _visible_source(call))


def _visible_source(call: Call) -> DataSource:
    source_id = call.path_id("data_source_id")
    if not call.state.sees_data_source(source_id):
        raise not_found(call.state, "data source", source_id)
    return call.state.data_sources[source_id]


def change_data_source(call: Call) -> dict[str, Json]:
    """Columns, title and trash of a table; all or nothing."""
    source = _visible_source(call)
    unknown = next((key for key in call.body if key not in ("properties", "title", "in_trash")), None)
    if unknown is not None:
        raise body_invalid(unknown, "not present", call.body[unknown])
    title = from_wire(call.state, call.body["title"], "title") if "title" in call.body else None
    for change in planned_changes(call.state, source, call.body.get("properties") or {}):
        change()
    source.title = source.title if title is None else plain(title)
    source.in_trash = call.body.get("in_trash", source.in_trash) is True
    source.edited_by, source.edited_at = call.state.bot_id, call.now
    return show.data_source(call.state, call.version, source)


def query(call: Call) -> dict[str, Json]:
    """Rows of a table."""
    source = _visible_source(call)
    keys = call.many("filter_properties")
    return Query(call.state, call.cursors, source, call.now).answer(call.version, call.body, keys)


def search(call: Call) -> dict[str, Json]:
    """Data sources and pages by title, newest edit first; a set-up aid, as in Notion."""
    words = str(call.body.get("query") or "").casefold()
    wanted = (call.body.get("filter") or {}).get("value")
    found: list[tuple[Any, str, dict[str, Json]]] = []
    if wanted in (None, "data_source"):
        for source in call.state.data_sources.values():
            if call.state.sees_data_source(source.id) and not source.in_trash:
                shown = show.data_source(call.state, call.version, source)
                found.append((source.edited_at, source.title, shown))
    if wanted in (None, "page"):
        for page in call.state.pages.values():
            if call.state.sees_page(page.id) and not page.in_trash:
                shown = show.page(call.state, call.version, page)
                found.append((page.edited_at, plain(page.values.get("title", [])), shown))
    found.sort(key=lambda each: each[0], reverse=True)
    hits = {shown["id"]: shown for _, title, shown in found if words in title.casefold()}
    return _portion(call, f"search {words} {wanted}", hits, "page_or_data_source")


def comment(call: Call) -> dict[str, Json]:
    """A comment on a page; does not count as an edit of it."""
    parent = call.body.get("parent")
    page_id = canonical(parent.get("page_id")) if isinstance(parent, dict) else None
    if page_id is None:
        raise body_invalid("parent.page_id", "a valid uuid", parent)
    page = visible_page(call, page_id)
    text = from_wire(call.state, call.body.get("rich_text"), "rich_text")
    ids = new_id(call.state, "comment"), new_id(call.state, "discussion")
    said = Comment(*ids, page.id, call.state.bot_id, call.now, text)
    call.state.comments.append(said)
    return show.comment(call.state, said)


def comments(call: Call) -> dict[str, Json]:
    """The comments of a page, oldest first."""
    page_id = canonical(call.one("block_id"))
    if page_id is None:
        raise body_invalid("block_id", "a valid uuid", call.one("block_id"))
    page = visible_page(call, page_id)
    said = [each for each in call.state.comments if each.page_id == page.id]
    shown = {each.id: show.comment(call.state, each) for each in said}
    return _portion(call, f"comments {page.id}", shown, "comment")


def _portion(call: Call, key: str, shown: dict[str, dict[str, Json]], kind: str) -> dict[str, Json]:
    """One portion of a list that is asked for by query string or body."""
    cursor = call.cursor()
    session, offset = (
        call.cursors.find(cursor, key) if cursor is not None else (call.cursors.open(key, list(shown)), 0)
    )
    size = call.size()
    following = call.cursors.at(session, offset + size)
    return {
        "object": "list",
        "results": [shown[each] for each in session.ids[offset : offset + size] if each in shown],
        "next_cursor": following,
        "has_more": following is not None,
        "type": kind,
        kind: {},
    }


ENDPOINTS = [
    Endpoint("GET", "/v1/users/me", me),
    Endpoint("GET", "/v1/users", users, "read_users"),
    Endpoint("GET", "/v1/users/{user_id}", user, "read_users"),
    Endpoint("GET", "/v1/databases/{database_id}", database, "read_content"),
    Endpoint("GET", "/v1/data_sources/{data_source_id}", data_source, "read_content"),
    Endpoint("PATCH", "/v1/data_sources/{data_source_id}", change_data_source, "update_content", writes=True),
    Endpoint("POST", "/v1/data_sources/{data_source_id}/query", query, "read_content"),
    *PAGE_ENDPOINTS,
    Endpoint("POST", "/v1/search", search, "read_content"),
    Endpoint("GET", "/v1/comments", comments, "read_comments"),
    Endpoint("POST", "/v1/comments", comment, "insert_comments", writes=True),
]
