"""One encrypted file: engine, tables, journal, search, migrations."""
