"""The addresses of Jira Cloud's REST API v3 that the sandbox answers.

Arrives: HTTP requests with credentials, at the site's own address or at the gateway's. Leaves: JSON answers,
or refusals in Jira's shapes. Each handler is a plain function from site, caller and call to an answer; what
it means is decided in the modules it calls.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from okrsync.sandbox.faults import STALE_SECONDS
from okrsync.sandbox.jira import edit, shape, workflow
from okrsync.sandbox.jira.auth import caller, caller_at_gateway, caller_at_server
from okrsync.sandbox.jira.errors import NOT_FOUND, JiraError, Unauthenticated, bad_payload
from okrsync.sandbox.jira.model import CATEGORIES, NOBODY, Issue, Json, Project, User
from okrsync.sandbox.jira.search import approximate_count, bulk_fetch, search
from okrsync.sandbox.jira.site import Site

API = "/rest/api/3"
GATEWAY = "/ex/jira/{cloud}"
"""Where tokens with scopes and OAuth 2.0 tokens are taken: api.atlassian.com with the site's cloud id."""
MAX_NAMED = 50
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration "
    "guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@dataclass(frozen=True)
class Call:
    """One request as handlers see it."""

    path: Mapping[str, Any]
    query: QueryParams
    body: Json
    stale_seconds: float | None = None

    def flag(self, name: str, default: bool) -> bool:
        """A query flag: only the words true and false count."""
        value = self.query.get(name)
        if value not in (None, "true", "false"):
            raise JiraError(400, [f"The value '{value}' of parameter '{name}' must be true or false."])
        return default if value is None else value == "true"

    def named(self, name: str) -> list[str]:
        """The values of a query parameter that may be repeated, at most 50 (Atlassian's document)."""
        values = self.query.getlist(name)
        if len(values) > MAX_NAMED:
            raise JiraError(400, [f"At most {MAX_NAMED} values of parameter '{name}' are allowed."])
        return values


Handler = Callable[[Site, User, Call], Any]


def _myself(site: Site, user: User, call: Call) -> Json:
    if user is NOBODY:
        raise Unauthenticated()
    return {**shape.user_json(user), "emailAddress": user.email, "locale": "en_US"}


def _people(site: Site, user: User, call: Call) -> Json:
    """Those whose name or visible e-mail begins with the words; hidden e-mails are not found by."""
    words = call.query.get("query", "").lower()
    if not words:
        raise JiraError(400, ["Either the 'query', 'accountId' or 'property' query parameter is required."])
    seen = [u for u in site.users.values() if user is not NOBODY]
    found = [u for u in seen if u.name.lower().startswith(words) or _is_found_by_email(u, words)]
    return [shape.user_json(one) for one in found[: int(call.query.get("maxResults", 50))]]


def _is_found_by_email(user: User, words: str) -> bool:
    return not user.email_hidden and user.email.startswith(words)


def _server_info(site: Site, user: User, call: Call) -> Json:
    return {
        "baseUrl": shape.BASE,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100204,
        "serverTime": shape.iso(site.now(), user),
        "serverTitle": "Jira",
    }


def _fields(site: Site, user: User, call: Call) -> Json:
    """Fields of projects the caller may browse."""
    shown = {d.id for p in browsable(site, user) for d in site.fields_of(p)}
    return [shape.field_json(d) for d in site.fields.values() if d.id in shown or d.custom_type is None]


def _types(site: Site, user: User, call: Call) -> Json:
    return [shape.type_json(kind) for kind in site.types.values()]


def _types_of_project(site: Site, user: User, call: Call) -> Json:
    project = find_project(site, user, call.query.get("projectId", ""))
    level = call.query.get("level")
    kinds = [t for t in site.types_of(project) if level is None or str(t.level) == level]
    return [shape.type_json(kind) for kind in kinds]


def statuses(site: Site, user: User, call: Call) -> Json:
    return [shape.status_json(status) for status in site.statuses.values()]


def _categories(site: Site, user: User, call: Call) -> Json:
    return [shape.category_json(key) for key in CATEGORIES]


def _project_search(site: Site, user: User, call: Call) -> Json:
    """Pages by startAt, narrowed by keys or ids; a project's own permissions decide what is listed."""
    start, size = int(call.query.get("startAt", 0)), min(int(call.query.get("maxResults", 50)), 100)
    keys, ids = call.named("keys"), call.named("id")
    shown = [p for p in browsable(site, user) if (not keys or p.key in keys) and (not ids or p.id in ids)]
    page = [shape.project_json(p) for p in shown[start : start + size]]
    last = start + size >= len(shown)
    totals = {"maxResults": size, "startAt": start, "total": len(shown), "isLast": last}
    return {"self": f"{shape.BASE}{API}/project/search", **totals, "values": page}


def _one_project(site: Site, user: User, call: Call) -> Json:
    project = find_project(site, user, call.path["ref"])
    types = [shape.type_json(kind) for kind in site.types_of(project)]
    return {**shape.project_json(project), "issueTypes": types}


def _search(site: Site, user: User, call: Call) -> Json:
    return search(site, user, call.body, call.stale_seconds)


def _count(site: Site, user: User, call: Call) -> Json:
    return approximate_count(site, user, call.body)


def _bulk_fetch(site: Site, user: User, call: Call) -> Json:
    return bulk_fetch(site, user, call.body)


def _removed_search(site: Site, user: User, call: Call) -> Json:
    raise JiraError(410, [REMOVED])


def _get_issue(site: Site, user: User, call: Call) -> Json:
    wanted = [name for name in call.query.get("fields", "").split(",") if name] or list(shape.EVERYTHING)
    named = [name for name in call.query.get("properties", "").split(",") if name]
    return shape.issue_json(site, user, find_issue(site, user, call), wanted, named or None)


def _put_issue(site: Site, user: User, call: Call) -> Json:
    issue = find_issue(site, user, call)
    quiet, full = not call.flag("notifyUsers", True), call.flag("returnIssue", False)
    if quiet and not user.admin and site.settings.notify_refused:
        raise JiraError(
            403, ["To discard the user notification either admin or project admin permissions are required."]
        )
    mails = site.mails
    changed = edit.edit(site, user, issue, call.body)
    if quiet and user.admin:
        site.mails = mails
    return shape.issue_json(site, user, changed, shape.EVERYTHING) if full else Response(status_code=204)


def _create_issue(site: Site, user: User, call: Call) -> Json:
    issue = edit.create(site, user, call.body)
    made = {"id": issue.id, "key": issue.key, "self": f"{shape.BASE}{API}/issue/{issue.id}"}
    return JSONResponse(made, 201)


def editmeta(site: Site, user: User, call: Call) -> Json:
    """What this account may edit on an issue as it is now."""
    issue = find_issue(site, user, call)
    return {"fields": {name: _meta(d) for name, d in edit.editable(site, user, issue).items()}}


def _meta(definition: Any) -> Json:
    verbs = ["add", "set", "remove"] if definition.kind == "labels" else ["set"]
    known = {"required": definition.id == "summary", "schema": shape.schema_json(definition)}
    return {**known, "name": definition.name, "key": definition.id, "operations": verbs}


def transitions(site: Site, user: User, call: Call) -> Json:
    """Where an issue may move now, with what that asks for where the call expands it."""
    wanted = call.query.get("expand", "").split(",")
    return workflow.transitions(site, user, find_issue(site, user, call), "transitions.fields" in wanted)


def transition(site: Site, user: User, call: Call) -> Json:
    """Move an issue."""
    workflow.transition(site, user, find_issue(site, user, call), call.body)
    return Response(status_code=204)


def property_keys(site: Site, user: User, call: Call) -> Json:
    """The keys of an issue's properties."""
    keys = find_issue(site, user, call).properties
    return {"keys": [{"key": key} for key in keys]}


def get_property(site: Site, user: User, call: Call) -> Json:
    """One property of an issue."""
    key = call.path["key"]
    properties = find_issue(site, user, call).properties
    if key not in properties:
        raise JiraError(404, [f"The property with key '{key}' does not exist."])
    return {"key": key, "value": properties[key]}


def put_property(site: Site, user: User, call: Call) -> Json:
    """The whole value is replaced; 201 when it is new, 200 when it was there."""
    issue, key = find_issue(site, user, call), call.path["key"]
    if user.id in site.projects[issue.project].no_edit:
        raise JiraError(403, ["You do not have permission to edit this issue."])
    edit.check_property(key, call.body)
    draft = site.draft(issue)
    draft.properties[key] = call.body
    edit.commit(site, issue, draft)
    return Response(status_code=200 if key in issue.properties else 201)


def delete_property(site: Site, user: User, call: Call) -> Json:
    """Take a property off an issue."""
    issue, key = find_issue(site, user, call), call.path["key"]
    get_property(site, user, call)
    draft = site.draft(issue)
    del draft.properties[key]
    edit.commit(site, issue, draft)
    return Response(status_code=204)


_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", f"{API}/myself", _myself),
    ("GET", f"{API}/user/search", _people),
    ("GET", f"{API}/serverInfo", _server_info),
    ("GET", "/rest/api/2/serverInfo", _server_info),
    ("GET", f"{API}/field", _fields),
    ("GET", f"{API}/issuetype", _types),
    ("GET", f"{API}/issuetype/project", _types_of_project),
    ("GET", f"{API}/status", statuses),
    ("GET", f"{API}/statuscategory", _categories),
    ("GET", f"{API}/project/search", _project_search),
    ("GET", f"{API}/project/{{ref}}", _one_project),
    ("POST", f"{API}/search/jql", _search),
    ("POST", f"{API}/search/approximate-count", _count),
    ("GET", f"{API}/search", _removed_search),
    ("POST", f"{API}/search", _removed_search),
    ("POST", f"{API}/issue/bulkfetch", _bulk_fetch),
    ("POST", f"{API}/issue", _create_issue),
    ("GET", f"{API}/issue/{{ref}}", _get_issue),
    ("PUT", f"{API}/issue/{{ref}}", _put_issue),
    ("GET", f"{API}/issue/{{ref}}/editmeta", editmeta),
    ("GET", f"{API}/issue/{{ref}}/transitions", transitions),
    ("POST", f"{API}/issue/{{ref}}/transitions", transition),
    ("GET", f"{API}/issue/{{ref}}/properties", property_keys),
    ("GET", f"{API}/issue/{{ref}}/properties/{{key}}", get_property),
    ("PUT", f"{API}/issue/{{ref}}/properties/{{key}}", put_property),
    ("DELETE", f"{API}/issue/{{ref}}/properties/{{key}}", delete_property),
)


def jira_routes(site: Site) -> list[BaseRoute]:
    """All routes over one Cloud site, at its own address and at the gateway's."""
    return [
        Route(before + path, endpoint(site, handler), methods=[method])
        for before in ("", GATEWAY)
        for method, path, handler in _TABLE
    ]


def endpoint(site: Site, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A handler as the web framework wants it: errors become Jira's refusals."""

    async def answer_to(request: Request) -> Response:
        try:
            user = _caller(site, request)
            call = Call(
                request.path_params,
                request.query_params,
                await _body(request),
                request.scope.get(STALE_SECONDS),
            )
            answer = handler(site, user, call)
        except JiraError as error:
            return error.response()
        if isinstance(answer, Response):
            return answer
        return JSONResponse(answer, media_type="application/json;charset=UTF-8")

    return answer_to


async def _body(request: Request) -> Json:
    raw = await request.body()
    try:
        return json.loads(raw) if raw else None
    except ValueError as error:
        raise bad_payload() from error


def _caller(site: Site, request: Request) -> User:
    authorization = request.headers.get("authorization", "")
    if site.deployment == "data_center":
        return caller_at_server(site, authorization)
    if "cloud" in request.path_params:
        return caller_at_gateway(site, authorization, request.path_params["cloud"])
    return caller(site, authorization)


def browsable(site: Site, user: User) -> list[Project]:
    """The projects a caller may see."""
    if user is NOBODY:
        return []
    return [p for p in site.projects.values() if user.id not in p.no_browse]


def find_project(site: Site, user: User, reference: str) -> Project:
    """A project the caller may see. Raises JiraError (404)."""
    project = site.find_project(reference)
    if project is None or project not in browsable(site, user):
        raise JiraError(404, [f"No project could be found with key '{reference}'."])
    return project


def find_issue(site: Site, user: User, call: Call) -> Issue:
    """The issue a call's path names, if the caller may see it. Raises JiraError (404)."""
    issue = site.find(call.path["ref"])
    if issue is None or site.projects[issue.project] not in browsable(site, user):
        raise JiraError(404, [NOT_FOUND])
    return issue
