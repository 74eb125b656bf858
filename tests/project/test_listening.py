"""The sockets on which the site is asked."""

import socket
from contextlib import suppress

import pytest

from project import listening

HOST, CLIENTS = "127.0.0.1", 200


@pytest.fixture
def sockets(monkeypatch):
    monkeypatch.setattr(listening, "cores", lambda: 4)
    opened = listening.listen(HOST, 0)
    yield opened
    for each in opened:
        each.close()


def shares(sockets):
    """How many of CLIENTS connections each socket gets."""
    address = sockets[0].getsockname()
    clients = [socket.create_connection(address) for _ in range(CLIENTS)]
    counts = [accepted(each) for each in sockets]
    for client in clients:
        client.close()
    return counts


def accepted(listener):
    count = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


def test_each_socket_gets_its_share(sockets):
    counts = shares(sockets)

    assert sum(counts) == CLIENTS
    assert min(counts) > CLIENTS / 10


def test_fewer_processes_get_all(sockets):
    listening.give_to([each.fileno() for each in sockets], 2)

    counts = shares(sockets)

    assert sum(counts[:2]) == CLIENTS
    assert min(counts[:2]) > CLIENTS / 10


def test_more_processes_than_sockets_get_all(sockets):
    listening.give_to([each.fileno() for each in sockets], 9)

    assert sum(shares(sockets)) == CLIENTS


def test_taken_port_is_not_shared(sockets):
    port = sockets[0].getsockname()[1]

    assert not listening.is_free(HOST, port)
    with pytest.raises(OSError, match="in use"):
        listening.listen(HOST, port)
