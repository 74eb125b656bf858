"""A database backend that starts a private PostgreSQL at the first connection: zero-install development and tests."""
