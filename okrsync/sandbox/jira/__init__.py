"""An imitated Jira, Cloud or Data Center, for real clients on a loopback port.

Atlassian's REST API document and recorded traffic decide how it behaves; each behaviour has one place here.
`JiraService` is the service, `OKR_PROGRESS` and `STORY_POINTS` are the ids of its two usual custom fields.
"""

from okrsync.sandbox.jira.model import OKR_PROGRESS, STORY_POINTS, Issue, Settings
from okrsync.sandbox.jira.service import JiraService

__all__ = ["OKR_PROGRESS", "STORY_POINTS", "Issue", "JiraService", "Settings"]
