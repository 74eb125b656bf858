"""Measuring one address with wrk: throughput, latency, and the processor time that it took; and memory."""

import os
import re
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass

import psutil
from django.db import connection

from bench.servers import PATH

SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
CLIENTS = 8
KINDS = {"spalt web": "web processes", "spalt worker": "job worker"}
UNITS = {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}


class Failed(Exception):
    """The answers were not what they should have been: the figures would mean nothing."""


@dataclass
class Row:
    name: str
    cpu_ms: float  # processor time of all server processes, PostgreSQL's among them, for one request
    rps: float  # with 8 clients
    p50_ms: float  # with one client
    p99_ms: float
    bytes: int  # of the body
    ratio_to_nginx: float  # requests/s, of nginx's requests/s just before


@dataclass
class Run:
    """What one run of wrk says."""

    requests: int
    rps: float
    p50_ms: float
    p99_ms: float
    errors: str  # "" if there were none


def measure(name, server, path, *, size, nginx, file, headers=(), script=()):
    """Return the Row of an address, whose answer has a body of `size` bytes. Failed if there was an error.

    `headers` are lines, `script` is a wrk script with its arguments. nginx is measured just before with the same bytes,
    its `file`: on a machine that others use too, only figures of the same moment can be compared.
    """
    beside = wrk(nginx, file, CLIENTS, SECONDS, headers)
    warm = wrk(server, path, CLIENTS, 1, headers, script)  # every thread opens its database connection
    seconds = SECONDS if warm.requests > CLIENTS else 4 * SECONDS  # a slow page: too few answers say nothing
    before = _processor_seconds(server)
    busy = wrk(server, path, CLIENTS, seconds, headers, script)
    used = _processor_seconds(server)
    alone = wrk(server, path, 1, seconds, headers, script)
    if not busy.requests or not alone.requests:
        raise Failed(f"{path}: no answer in {seconds} s")
    spent = sum(seconds - before.get(process, 0) for process, seconds in used.items())
    return Row(
        name=name,
        # With those that wrk did not wait for, one of each client: of slow pages they are half the work.
        cpu_ms=round(1_000 * spent / (busy.requests + CLIENTS), 3),
        rps=round(busy.rps, 1),
        p50_ms=alone.p50_ms,
        p99_ms=alone.p99_ms,
        bytes=size,
        ratio_to_nginx=round(busy.rps / beside.rps, 4),
    )


def wrk(server, path, clients, seconds, headers=(), script=()):
    """Return the Run of wrk with one thread and `clients` connections. Failed if it met an error."""
    command = [shutil.which("wrk", path=PATH), "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "--timeout=20s"]
    for line in headers:
        command += ["-H", line]
    if script:
        command += ["-s", script[0]]
    done = subprocess.run(
        [*command, f"http://{server.address}{path}", *(["--", *script[1:]] if script else [])],
        capture_output=True,
        text=True,
        check=True,
    )
    time.sleep(0.5)  # the server finishes the requests in the middle of which wrk has hung up
    run = parse(done.stdout)
    if run.errors:
        raise Failed(f"{path}: {run.errors}")
    return run


def parse(output):
    """Return the Run that wrk 4 printed with --latency."""
    errors = re.findall(r"^\s*((?:Socket errors|Non-2xx or 3xx responses): .*)$", output, re.MULTILINE)
    return Run(
        requests=int(re.search(r"(\d+) requests in", output)[1]),
        rps=float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]),
        p50_ms=_latency(output, 50),
        p99_ms=_latency(output, 99),
        errors="; ".join(errors),
    )


def _latency(output, percent):
    number, unit = re.search(rf"^\s+{percent}%\s+([\d.]+)([a-z]+)\s*$", output, re.MULTILINE).groups()
    return round(float(number) * UNITS[unit], 4)


def memory(server):
    """Return a dict from each kind of process of the site, and PostgreSQL, to its PSS in MB."""
    found = Counter()
    for process in server.processes():
        name = process.name() if process != server.process else "serve"
        found[KINDS.get(name, "serve and master")] += process.memory_full_info().pss
    ours = {process.pid for process in _backends()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(cursor.fetchone()[0]).parent()
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname IS NOT NULL")
        others = {pid for (pid,) in cursor.fetchall()} - ours
    for process in [postmaster, *postmaster.children()]:
        if process.pid not in others:
            found["PostgreSQL"] += process.memory_full_info().pss
    return {kind: size / 2**20 for kind, size in found.items()}


def _processor_seconds(server):
    """Return a dict from each process of the server, and of PostgreSQL serving it, to its seconds so far."""
    times = {process: process.cpu_times() for process in [*server.processes(), *_backends()]}
    return {process: spent.user + spent.system for process, spent in times.items()}


def _backends():
    """PostgreSQL's processes for this database, by name, since others may be using the same PostgreSQL; not our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [psutil.Process(pid) for (pid,) in cursor.fetchall()]
