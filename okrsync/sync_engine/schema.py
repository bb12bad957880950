"""The store's tables: one schema for SQLite and PostgreSQL.

Values are kept as the canonical texts of `okr.values.encode`, moments as ISO 8601 UTC text: neither
database then changes a decimal or drops a time zone. What each table is for stands beside it; the words
are those of the design (link, observed, base, canonical, intent, conflict, run, lease).
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

# lineage (which store this is, for life) and serial (how often its agreed state moved)
store_meta = Table(
    "store_meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# what a collection was when last read: a change of scope or mapping is not a change of data (I25)
collection = Table(
    "collection",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("account", Text, nullable=False),
    Column("scope", String(64), nullable=False),
    Column("bindings", Text, nullable=False),  # JSON: what each binding is tied to
    Column("applied_run", String(40)),  # first run that was allowed to write; empty before
    Column("complete_run", String(40)),  # last run that saw every record
    Column("cursor", Text),
    Column("schema", Text),  # JSON: the fields it had when last read
    Column("whole_at", String(32)),  # when it was last read whole
)

entity = Table(
    "entity",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", Text),
    Column("created_run", String(40), nullable=False),
    Index("ix_entity_kind_key", "kind", "key"),
)

# entity <-> record: identity apart from content
link = Table(
    "link",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("entity", String(40), ForeignKey("entity.id"), nullable=False, index=True),
    Column("collection", String(100), nullable=False),
    Column("connection", String(100), nullable=False),
    Column("native_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("url", Text),
    Column("state", String(12), nullable=False),  # see state.LinkState
    Column("missing_run", String(40)),  # first complete run that did not see it
    Column("seen_run", String(40), nullable=False),
    Column("edited_at", String(32)),
    Column("edited_by", Text),
    UniqueConstraint("collection", "native_id"),
)

# the latest look: lets plan and conflict screens work offline
observed = Table(
    "observed",
    metadata,
    Column("link", String(40), ForeignKey("link.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text),  # null when it could not be read
    Column("unreadable", Text),  # why
    Column("locked", Text),  # why it must not be written
    Column("place", Text, nullable=False),
    Column("at", String(32), nullable=False),  # when this value was first seen
    Column("run", String(40), nullable=False),
)

# what each side showed at the last agreement, and what was agreed as that side shows it (I12, I19)
base = Table(
    "base",
    metadata,
    Column("link", String(40), ForeignKey("link.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("shown", Text, nullable=False),
    Column("agreed", Text),  # null: its edit lost, the winning value is still to be written
    Column("run", String(40), nullable=False),
)

# the model
canonical = Table(
    "canonical",
    metadata,
    Column("entity", String(40), ForeignKey("entity.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("origin", String(100), nullable=False),  # link id, or resolved, undo, derived
    Column("at", String(32), nullable=False),
    Column("run", String(40), nullable=False),
)

# every value a field ever had, append-only: history, as-of answers, forecasts
observation = Table(
    "observation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("entity", String(40), ForeignKey("entity.id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("origin", String(100), nullable=False),
    Column("valid_at", String(32), nullable=False),  # when it became true, as far as the tool says
    Column("seen_at", String(32), nullable=False),  # when we learnt of it
    Column("run", String(40), nullable=False),
    Index("ix_observation_entity_field_valid_at", "entity", "field", "valid_at"),
)

# outbox and journal in one: written before a remote effect, settled after it (I18)
intent = Table(
    "intent",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("run", String(40), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("link", String(40), ForeignKey("link.id"), nullable=False),
    Column("changes", Text, nullable=False),  # JSON, see journal
    Column("state", String(12), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("at", String(32), nullable=False),
)

conflict = Table(
    "conflict",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("entity", String(40), ForeignKey("entity.id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("canonical", Text),  # the value that stands meanwhile; null when none was ever agreed
    Column("sides", Text, nullable=False),  # JSON: link id (or okrsync) -> encoded value
    Column("state", String(12), nullable=False, index=True),  # open, resolved, closed
    Column("resolution", Text),
    Column("by", Text),
    Column("opened_run", String(40), nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("closed_run", String(40)),
)

# records we accepted as gone: a stale listing or an old backup does not bring them back (I4)
tombstone = Table(
    "tombstone",
    metadata,
    Column("collection", String(100), primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("entity", String(40), nullable=False),
    Column("evidence", Text, nullable=False),  # JSON
    Column("run", String(40), nullable=False),
    Column("at", String(32), nullable=False),
)

# what people decided about a cycle, and what it came to
cycle = Table(
    "cycle",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("starts", String(10), nullable=False),
    Column("ends", String(10), nullable=False),
    Column("published", String(10)),  # the day it was agreed; empty: a draft
    Column("closed", String(10)),
    Column("closing", Text),  # JSON: the frozen scores, see closings
    Column("by", Text, nullable=False),
    Column("at", String(32), nullable=False),
)

# days on which a goal to keep was looked at, whether or not its value had changed (S40, S49)
sighting = Table(
    "sighting",
    metadata,
    Column("entity", String(40), ForeignKey("entity.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("day", String(10), primary_key=True),
)

run = Table(
    "run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("command", String(20), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("finished_at", String(32)),
    Column("outcome", String(20)),
    Column("report", Text),  # JSON: counts, requests, findings
)

# one writer at a time; the generation fences off a holder that was taken over (I21)
lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("expires_at", String(32), nullable=False),
)

# evidence of every remote effect (I24)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", String(40), nullable=False, index=True),
    Column("intent", String(40), nullable=False),
    Column("link", String(40), nullable=False),
    Column("field", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("shown", Text, nullable=False),  # what the service showed afterwards
    Column("answer", Text, nullable=False),
    Column("at", String(32), nullable=False),
)
