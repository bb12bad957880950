"""Whether the tables that relations point at may be seen.

Arrives: the columns of one data source. Leaves: the related data sources the connection cannot see. Notion
leaves out of a relation what is not shared with the connection, without a word ("Retrieve a page"), so that
an empty relation to a hidden table proves nothing. One request per related table and connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrsync.connectors.errors import NotFound
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.properties import target_of

Json = dict[str, Any]


class Related:
    """Remembers what was visible; what was hidden is asked again, for people share it after being told."""

    def __init__(self, client: NotionClient) -> None:
        self._client = client
        self._visible: set[str] = set()

    def hidden(self, data_source_id: str, properties: Mapping[str, Json]) -> set[str]:
        """The related data sources that cannot be seen. Raises what a read raises, NotFound excepted."""
        self._visible.add(data_source_id)
        targets = {target_of(raw) for raw in properties.values()}
        return {target for target in targets if target is not None and not self._sees(target)}

    def _sees(self, target: str) -> bool:
        if target not in self._visible:
            try:
                self._client.data_source(target)
            except NotFound:
                return False
            self._visible.add(target)
        return True
