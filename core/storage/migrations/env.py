"""What Alembic runs for every command: the migrations, in the caller's transaction.

`core.storage.schema.migrate` hands over the connection. A new migration is a file of `versions`
written by hand: `added_columns.add_column` for a column, SQL, or Alembic's operations followed by
`remake_triggers`, because a batch operation on SQLite drops the triggers of its table.
`python -m core.storage.drift` tells whether it leads to the same schema as the models.
"""

from alembic import context

from core.storage.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
