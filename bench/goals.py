"""What each row of the bench should reach."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """What is None is not asked for."""

    cpu_ms: float | None = None  # at most, for one request
    rps: float | None = None  # at least
    share: float | None = None  # of nginx's requests/s, at least
    times: float | None = None  # of the CPU ms of the post with 18 comments, at most

    def judged(self, row, few=None):
        """Yield for each thing asked for the words of the goal, and whether `row` (measure.Row) reached it.

        `few` is the row of the post with 18 comments, None where that was not measured.
        """
        if self.cpu_ms is not None:
            yield f"≤ {self.cpu_ms:g} CPU ms", row.cpu_ms <= self.cpu_ms
        if self.rps is not None:
            yield f"≥ {self.rps:g}/s", row.rps >= self.rps
        if self.share is not None:
            yield f"≥ 1/{1 / self.share:.0f} of nginx", row.ratio_to_nginx >= self.share
        if self.times is not None and few:
            limit = self.times * few.cpu_ms
            yield f"≤ {self.times:g} × the CPU ms of 18 comments = {limit:.2f}", row.cpu_ms <= limit


def in_words(judged):
    """ "met: ≤ 3 CPU ms; MISSED: ≥ 400/s", "" if nothing was asked for."""
    return "; ".join(f"{'met' if is_met else 'MISSED'}: {words}" for words, is_met in judged)
