"""How many web processes and threads suit a machine and its PostgreSQL."""

import pytest

from project.sizes import GENERATIONS, KEPT_CONNECTIONS, fitting


@pytest.mark.parametrize(
    ("cores", "taken_at_most", "chosen"),
    [
        (1, 97, (1, 4)),
        (2, 97, (2, 4)),
        (8, 97, (8, 4)),
        (10, 97, (10, 3)),
        (12, 97, (12, 2)),
        (64, 97, (13, 2)),
        (64, 997, (64, 4)),
        (2, 20, (1, 2)),
        (2, 5, (1, 2)),
    ],
)
def test_processes_and_threads_suit_cores_and_connections(cores, taken_at_most, chosen):
    assert fitting(cores, taken_at_most) == chosen


@pytest.mark.parametrize("cores", range(1, 65))
def test_two_generations_leave_connections_for_the_others(cores):
    workers, threads = fitting(cores, 97)

    assert GENERATIONS * workers * (threads + 1) + KEPT_CONNECTIONS <= 97
