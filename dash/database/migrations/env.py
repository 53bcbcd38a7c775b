"""Alembic's entry: runs the migrations on the connection that `dash.database.migrating` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="alembic_version", version_table_schema="dash")
with context.begin_transaction():
    context.run_migrations()
