from bench.goals import Goal, in_words
from bench.measure import Row


def _row(cpu_ms=1.0, rps=500, share=0.5):
    return Row("a row", cpu_ms, rps, 1, 2, 100, share)


def test_a_goal_that_was_reached_is_met():
    judged = Goal(cpu_ms=1, rps=500, share=1 / 2).judged(_row())

    assert in_words(judged) == "met: ≤ 1 CPU ms; met: ≥ 500/s; met: ≥ 1/2 of nginx"


def test_a_goal_that_was_not_reached_is_missed():
    judged = Goal(cpu_ms=0.99, rps=501, share=1 / 3).judged(_row(share=0.33))

    assert in_words(judged) == "MISSED: ≤ 0.99 CPU ms; MISSED: ≥ 501/s; MISSED: ≥ 1/3 of nginx"


def test_a_long_discussion_is_judged_by_the_short_one():
    goal = Goal(times=1.2)

    assert in_words(goal.judged(_row(cpu_ms=2.5), _row(cpu_ms=2))) == (
        "MISSED: ≤ 1.2 × the CPU ms of 18 comments = 2.40"
    )
    assert in_words(goal.judged(_row(cpu_ms=2.3), _row(cpu_ms=2))) == "met: ≤ 1.2 × the CPU ms of 18 comments = 2.40"
    assert in_words(goal.judged(_row())) == ""
