"""The least that an answer of Python can cost: 50 KB from memory, of no use but as a yardstick of the machine."""

BODY = b"x" * 50_000
HEADERS = [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
