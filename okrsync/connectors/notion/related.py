"""Whether the tables that relations point at may be seen.

Arrives: the columns of one data source. Leaves: the related data sources the connection cannot see. Notion
leaves out of a relation what is not shared with the connection, without a word ("Retrieve a page"), so that
an empty relation to a hidden table proves nothing. One request per related table and connection; where the
table is a collection too, the answer serves as its schema.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from okrsync.connectors.errors import NotFound
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.properties import target_of

Json = dict[str, Any]

REUSE_SECONDS = 30.0
"""How long an answer is good for the schema that is asked for next."""


class Related:
    """Remembers what was visible; what was hidden is asked again, for people share it after being told.

    Args:
        clock: monotonic seconds, to tell how old an answer is.
    """

    def __init__(self, client: NotionClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._visible: set[str] = set()
        self._just_read: dict[str, tuple[float, Json]] = {}

    def data_source(self, data_source_id: str) -> Json:
        """A table: what was just read of it, once, or a fresh look. Raises what a read raises."""
        at, answer = self._just_read.pop(data_source_id, (0.0, None))
        if answer is not None and self._clock() - at <= REUSE_SECONDS:
            return answer
        return self._client.data_source(data_source_id)

    def hidden(self, data_source_id: str, properties: Mapping[str, Json]) -> set[str]:
        """The related data sources that cannot be seen. Raises what a read raises, NotFound excepted."""
        self._visible.add(data_source_id)
        targets = {target_of(raw) for raw in properties.values()}
        return {target for target in targets if target is not None and not self._sees(target)}

    def _sees(self, target: str) -> bool:
        if target not in self._visible:
            try:
                self._just_read[target] = (self._clock(), self._client.data_source(target))
            except NotFound:
                return False
            self._visible.add(target)
        return True
