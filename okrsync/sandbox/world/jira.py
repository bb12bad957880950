"""A company's work in Jira: a project with its epics and their children, and its people.

Arrives: the service and the company's plan. Leaves: a filled project, and a second one that holds a child
which has moved away from its epic's project.
"""

from __future__ import annotations

from okrsync.sandbox.jira import JiraService
from okrsync.sandbox.world.companies import Company
from okrsync.sandbox.world.epics import Child, Epic, epics_of
from okrsync.sandbox.world.people import address
from okrsync.sandbox.world.seed import Plan


def add_project(service: JiraService, company: Company, plan: Plan) -> None:
    """The company's people, projects, epics and issues."""
    for owner in plan.owners:
        service.add_user(address(owner, company), name=owner)
    service.add_project(company.project, company.name)
    service.add_project(company.other_project, f"{company.name} operations", with_okr_field=False)
    for epic in epics_of(plan):
        _add_epic(service, company, epic)


def _add_epic(service: JiraService, company: Company, epic: Epic) -> None:
    new = service.add_epic(
        company.project,
        epic.title,
        status=epic.status,
        labels=epic.labels,
        assignee=None if epic.owner is None else address(epic.owner, company),
        due=None if epic.due is None else epic.due.isoformat(),
    )
    for child in epic.children:
        _add_child(service, company, new.id, child)


def _add_child(service: JiraService, company: Company, epic: str, child: Child) -> None:
    service.add_issue(
        company.other_project if child.is_elsewhere else company.project,
        child.title,
        parent=epic,
        status=child.status,
        resolution=child.resolution,
        points=child.points,
    )
