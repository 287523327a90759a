"""The SQLite file: connection policy, shared commits, readers, migrations, SQL of one noun per module."""
