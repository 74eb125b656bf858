"""The sockets on which the site is asked: one for each core, all at the same address.

The kernel gives each connection to one of them, so web processes get equal shares. Of processes at one socket the first
to wake takes all that is there, and the others stand idle.
"""

import ctypes
import os
import socket
import struct

BACKLOG = 2048
ATTACH = 51  # SO_ATTACH_REUSEPORT_CBPF, asm-generic/socket.h
RANDOM = 0x1_0000_0000 - 0x1000 + 56  # SKF_AD_OFF + SKF_AD_RANDOM, linux/filter.h
LOAD, REMAINDER, GIVE = 0x20, 0x94, 0x16  # BPF_LD | BPF_W | BPF_ABS, BPF_ALU | BPF_MOD | BPF_K, BPF_RET | BPF_A


def listen(host, port):
    """Return listening sockets that children may inherit; OSError if the port is taken."""
    first = _bound(host, port)
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # only now: nobody else's port is shared
    others = [_bound(*first.getsockname()[:2], shared=True) for _ in range(cores() - 1)]
    for listener in (first, *others):
        listener.listen(BACKLOG)
        listener.setblocking(False)
        listener.set_inheritable(True)
    return [first, *others]


def cores():
    return len(os.sched_getaffinity(0))


def is_free(host, port):
    """Whether a server could listen there now."""
    try:
        _bound(host, port).close()
    except OSError:
        return False
    return True


def give_to(descriptors, number):
    """Give each new connection to one of the first `number` sockets, by chance."""
    instructions = [(LOAD, 0, 0, RANDOM), (REMAINDER, 0, 0, min(number, len(descriptors))), (GIVE, 0, 0, 0)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in instructions))
    with socket.socket(fileno=os.dup(descriptors[0])) as listener:
        listener.setsockopt(socket.SOL_SOCKET, ATTACH, struct.pack("HP", len(instructions), ctypes.addressof(program)))


def _bound(host, port, *, shared=False):
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections linger
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
    # Connections have it from their listener. Without it the end of an answer waits 40 ms for a client to acknowledge.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
