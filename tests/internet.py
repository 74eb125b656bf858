"""A pretended internet: the one door at which tests stand in for other people's servers."""

import socket
import time

import httpcore

PUBLIC = "93.184.216.34"


class Internet:
    """Hosts that tests set up; any other host does not exist. `requests` are the URLs asked for, in order."""

    def __init__(self):
        self.hosts, self.requests, self.opened = {}, [], []

    def host(self, name, answer=b"HTTP/1.1 200 OK\r\n\r\n", *, addresses=(PUBLIC,), pause=0):
        """Set up a host. `answer` are its bytes, an exception that it raises, or a function from a path to one of them;
        with `pause` it sends one byte in so many seconds."""
        self.hosts[name] = (answer, addresses, pause)

    def page(self, url, status=200, **headers):
        """Set up a page of a host whose other pages are not found."""
        name, _, path = url.partition("://")[2].partition("/")
        pages = self.hosts[name][0].pages if name in self.hosts else {}
        pages["/" + path] = response(status, **headers)

        def answer(asked):
            return pages.get(asked, response(404))

        answer.pages = pages
        self.host(name, answer)

    def getaddrinfo(self, host, port, **_named):
        try:
            return socket_getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except OSError:
            if host not in self.hosts:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
            return [(None, None, None, "", (address, port)) for address in self.hosts[host][1]]

    def connect_tcp(self, _network, address, port, *_arguments):
        self.opened.append((address, port))
        return _Stream(self, port)


def response(status=200, body=b"", **headers):
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


socket_getaddrinfo = socket.getaddrinfo


class _Stream(httpcore.NetworkStream):
    def __init__(self, internet, port):
        self.internet, self.port = internet, port
        self.asked, self.answer, self.pause = b"", None, 0

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        answer = self.internet.hosts[server_hostname][0]
        if isinstance(answer, Exception):
            raise httpcore.ConnectError(answer) from answer
        return self

    def write(self, buffer, timeout=None):
        self.asked += buffer

    def read(self, max_bytes, timeout=None):
        if self.answer is None:
            self._begin()
        if isinstance(self.answer, Exception):
            raise self.answer
        time.sleep(self.pause)
        count = 1 if self.pause else max_bytes
        piece, self.answer = self.answer[:count], self.answer[count:]
        return piece

    def _begin(self):
        head = self.asked.decode().split("\r\n")
        host = next(line.partition(": ")[2] for line in head if line.lower().startswith("host:"))
        path = head[0].split()[1]
        self.internet.requests.append(f"{'https' if self.port == 443 else 'http'}://{host}{path}")
        answer, _addresses, self.pause = self.internet.hosts[host]
        self.answer = answer(path) if callable(answer) else answer

    def close(self):
        pass

    def get_extra_info(self, info):
        return None
