"""The same site as a Data Center shows it: the REST API v2 of a Jira one runs oneself.

Arrives: the calls of `routes`, over the same state. Leaves: answers in the older shapes: pages by offset with
a total and a window of 10,000 rows, parents in "Epic Link" and "Parent Link", people by name, types without a
level, text without structure, edits answered by nothing. There is no bulkfetch and no search by token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from okrsync.sandbox.jira import edit, routes, shape
from okrsync.sandbox.jira.auth import user_name
from okrsync.sandbox.jira.errors import JiraError, Unauthenticated, bad_payload
from okrsync.sandbox.jira.model import EPIC_LINK, NOBODY, PARENT_LINK, Issue, Json, User
from okrsync.sandbox.jira.routes import Call, Handler
from okrsync.sandbox.jira.search import checked, found_rows, parsed, strings, view
from okrsync.sandbox.jira.site import Site

API = "/rest/api/2"
TOP_PAGE = 1000
"""The usual `jira.search.views.default.max`."""
MEMBERS = frozenset({"jql", "startAt", "maxResults", "fields", "validateQuery", "expand"})
_LINKS: Mapping[str, tuple[str, str]] = {
    EPIC_LINK: ("Epic Link", "com.pyxis.greenhopper.jira:gh-epic-link"),
    PARENT_LINK: ("Parent Link", "com.atlassian.jpo:jpo-custom-field-parent"),
}
_CLOUD_ONLY = ("hierarchyLevel", "untranslatedName", "scope", "accountType", "timeZone")


def _myself(site: Site, user: User, call: Call) -> Json:
    if user is NOBODY:
        raise Unauthenticated()
    return {**_user_json(user), "timeZone": user.time_zone, "locale": "en_US", "emailAddress": user.email}


def _server_info(site: Site, user: User, call: Call) -> Json:
    known = {"baseUrl": shape.BASE, "version": "9.12.5", "versionNumbers": [9, 12, 5], "serverTitle": "Jira"}
    return {**known, "deploymentType": "Server", "serverTime": shape.iso(site.now(), user)}


def _fields(site: Site, user: User, call: Call) -> Json:
    shown = {d.id for p in routes.browsable(site, user) for d in site.fields_of(p)}
    known = [d for d in site.fields.values() if d.id in shown or d.custom_type is None]
    listed = [_older(site, shape.field_json(d)) for d in known if d.id not in ("parent", "statusCategory")]
    return listed + [_link_json(one, *names) for one, names in _LINKS.items()]


def _link_json(one: str, name: str, custom: str) -> Json:
    number = int(one.removeprefix("customfield_"))
    return {
        "id": one,
        "name": name,
        "custom": True,
        "clauseNames": [f"cf[{number}]", name],
        "schema": {"type": "any", "custom": custom, "customId": number},
    }


def _types(site: Site, user: User, call: Call) -> Json:
    return [_older(site, shape.type_json(kind)) for kind in site.types.values()]


def _projects(site: Site, user: User, call: Call) -> Json:
    """All of them, in one answer."""
    return [_older(site, shape.project_json(p)) for p in routes.browsable(site, user)]


def _people(site: Site, user: User, call: Call) -> Json:
    """Those whose user name, name or visible e-mail begins with the words."""
    words = call.query.get("username", "").lower()
    if not words:
        raise JiraError(400, ["The username query parameter was not provided"])
    seen = [u for u in site.users.values() if user is not NOBODY]
    return [_user_json(u) for u in seen if any(text.startswith(words) for text in _texts(u))]


def _texts(user: User) -> list[str]:
    return [user_name(user), user.name.lower(), *([] if user.email_hidden else [user.email])]


def _search(site: Site, user: User, call: Call) -> Json:
    """One page by offset; beyond the window an offset is refused."""
    asked = checked(call.body, MEMBERS)
    query = parsed(asked.get("jql"))
    start, size = _number(asked, "startAt", 0), _number(asked, "maxResults", 50)
    window = site.settings.result_window
    if start + size > window:
        raise JiraError(400, [f"Result window is too large, from + size must be at most [{window}]"])
    rows = found_rows(site, user, query, view(site, {}, call.stale_seconds))
    most = min(size, TOP_PAGE, site.settings.page_cap or TOP_PAGE)
    wanted = strings(asked, "fields") or list(shape.EVERYTHING)
    issues = [_issue_json(site, user, issue, wanted) for _, issue in rows[start : start + most]]
    totals = {"startAt": start, "maxResults": most, "total": len(rows)}
    return {"expand": "schema,names", **totals, "issues": issues}


def _number(asked: Mapping[str, Json], member: str, default: int) -> int:
    value = asked.get(member, default)
    if type(value) is not int or value < 0:
        raise bad_payload()
    return value


def _get_issue(site: Site, user: User, call: Call) -> Json:
    issue = routes.find_issue(site, user, call)
    wanted = [name for name in call.query.get("fields", "").split(",") if name] or list(shape.EVERYTHING)
    named = [name for name in call.query.get("properties", "").split(",") if name]
    shown = _issue_json(site, user, issue, wanted)
    held = {name: issue.properties[name] for name in named if name in issue.properties}
    return {**shown, "properties": held} if named else shown


def _put_issue(site: Site, user: User, call: Call) -> Json:
    """Nothing comes back, whatever is asked for."""
    issue = routes.find_issue(site, user, call)
    if not isinstance(call.body, dict):
        raise bad_payload()
    sets = call.body.get("fields", {})
    newer = dict(_newer(site, name, value) for name, value in sets.items())
    edit.edit(site, user, issue, {**call.body, **({"fields": newer} if sets else {})})
    return Response(status_code=204)


def _newer(site: Site, name: str, value: Json) -> tuple[str, Json]:
    """A field as Cloud takes it."""
    if name in _LINKS:
        return "parent", None if value is None else {"key": value}
    if isinstance(value, dict) and "name" in value and name == "assignee":
        named = (u.id for u in site.users.values() if user_name(u) == value["name"])
        return name, {"accountId": next(named, value["name"])}
    if name == "description" and isinstance(value, str):
        words = {"type": "paragraph", "content": [{"type": "text", "text": value}]}
        return name, {"type": "doc", "version": 1, "content": [words]}
    return name, value


def _editmeta(site: Site, user: User, call: Call) -> Json:
    return _older(site, routes.editmeta(site, user, call))


def _transitions(site: Site, user: User, call: Call) -> Json:
    return _older(site, routes.transitions(site, user, call))


_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "myself", _myself),
    ("GET", "serverInfo", _server_info),
    ("GET", "field", _fields),
    ("GET", "issuetype", _types),
    ("GET", "project", _projects),
    ("GET", "user/search", _people),
    ("POST", "search", _search),
    ("GET", "issue/{ref}", _get_issue),
    ("PUT", "issue/{ref}", _put_issue),
    ("GET", "issue/{ref}/editmeta", _editmeta),
    ("GET", "issue/{ref}/transitions", _transitions),
    ("POST", "issue/{ref}/transitions", routes.transition),
    ("GET", "issue/{ref}/properties", routes.property_keys),
    ("GET", "issue/{ref}/properties/{key}", routes.get_property),
    ("PUT", "issue/{ref}/properties/{key}", routes.put_property),
    ("DELETE", "issue/{ref}/properties/{key}", routes.delete_property),
)


def server_routes(site: Site) -> list[BaseRoute]:
    """All routes over one Data Center."""
    return [
        Route(f"{API}/{path}", routes.endpoint(site, handler), methods=[method])
        for method, path, handler in _TABLE
    ]


def _issue_json(site: Site, user: User, issue: Issue, wanted: Sequence[str]) -> Json:
    fields = shape.fields_json(site, user, issue, wanted)
    link = site.link_field(issue)
    parent = site.issues.get(issue.parent or "")
    everything = any(name.startswith("*") for name in wanted)
    if link != "parent":
        fields.pop("parent", None)
    for name in _LINKS:
        if everything or name in wanted:
            fields[name] = parent.key if parent is not None and name == link else None
    known = {"id": issue.id, "key": issue.key, "self": f"{shape.BASE}{API}/issue/{issue.id}"}
    return {"expand": "", **known, "fields": {name: _older(site, value) for name, value in fields.items()}}


def _older(site: Site, value: Any) -> Any:
    """Cloud's JSON as a Data Center would have written it."""
    if isinstance(value, list):
        return [_older(site, one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "doc":
        return "\n".join(_words(value))
    if "accountId" in value:
        return _user_json(site.users[value["accountId"]])
    return {name: _older(site, one) for name, one in value.items() if name not in _CLOUD_ONLY}


def _words(node: Mapping[str, Json]) -> list[str]:
    inner = [text for one in node.get("content", ()) for text in _words(one)]
    return [node["text"]] if "text" in node else inner


def _user_json(user: User) -> dict[str, Json]:
    name = user_name(user)
    shown = {"self": f"{shape.BASE}{API}/user?username={name}", "name": name, "key": f"key-{name}"}
    email = {} if user.email_hidden else {"emailAddress": user.email}
    return {**shown, **email, "displayName": user.name, "active": True}
