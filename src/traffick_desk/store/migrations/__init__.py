"""Migrations of the fixed tables. Record tables follow from the spine (see ``store.schema``)."""
