"""Alembic's entry: runs on the connection that ``store.schema`` hands over."""

from alembic import context

from traffick_desk.store.tables import fixed

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=fixed,
    transactional_ddl=True,
)
context.run_migrations()
