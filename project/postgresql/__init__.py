"""Django's PostgreSQL backend, whose look whether a kept connection still lives asks the kernel, not the server."""
