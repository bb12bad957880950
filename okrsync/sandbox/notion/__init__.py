"""The imitated Notion API, version 2026-03-11.

Arrives: requests of real clients, and the edits of imagined people. Leaves: answers shaped like recorded
ones. Written from Notion's documentation and recorded traffic; where both are silent, the harder case for
a sync tool is imitated and the place says so.
"""

from okrsync.sandbox.notion.service import NotionService
from okrsync.sandbox.notion.state import Settings

__all__ = ["NotionService", "Settings"]
