"""Alembic runs this: it only hands over the connection that `upgrade` opened."""

from alembic import context

from okrsync.sync_engine.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
