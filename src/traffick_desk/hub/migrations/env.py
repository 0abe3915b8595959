"""Alembic's entry: runs on the connection that ``hub.database`` hands over."""

from alembic import context

from traffick_desk.hub.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
