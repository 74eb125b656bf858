"""The rows of the bench: every page with nothing cached and from the page cache, and a comment that is sent."""

from dataclasses import asdict
from functools import partial

from django.core.management import call_command
from django.test import Client

from bench import bare, data_set, goals, growth, measure, posting, report, screening, servers
from bench.goals import Goal
from bench.pages import all_pages

POSTING = Goal(cpu_ms=5, rps=400)
FEW = "post, 18 comments"
COLUMNS = "{:36} {:>10} {:>8} {:>8} {:>8} {:>8} {:>9}  {}"
READS = "{:36} {:>10} {:>8} {:>8}"
WEB_MB, POSTGRESQL_MB, START_SECONDS = 150, 100, 2
PACKED = {"Accept-Encoding": "gzip"}
# CPU ms of these on the machine for which the goals were set: what they cost here tells how much slower this one is.
YARDSTICKS = {"nginx, 50 KB": 0.015, "bare granian, 50 KB": 0.041}
TRIES = 20  # until each web process has a page in its memory


def main(wanted=""):
    """Measure the rows whose names hold `wanted`; return the exit status, 1 if any answer was wrong.

    A whole run is kept in docs/performance.md and bench/last.json.
    """
    if data_set.ensure_loaded():
        print("The data set was loaded anew.", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with report.printed() as text:
        run = Run(wanted)
        run.measure_all()
        if not wanted:
            print_reads()
            screening.report()
    if not wanted and not run.failures:
        report.keep("pages", text.getvalue(), {"machine": report.machine(), "rows": [asdict(row) for row in run.rows]})
    return int(bool(run.failures))


class Run:
    def __init__(self, wanted):
        self.wanted = wanted
        self.rows, self.failures, self.missed = [], [], []
        self.nginx = None

    def measure_all(self):
        """Print each row when it is there, then what failed and which goals were missed."""
        print(COLUMNS.format("", "requests/s", "p50 ms", "p99 ms", "CPU ms", "bytes", "of nginx", "goal"))
        pages = all_pages()
        with servers.nginx() as self.nginx:
            self._measure_yardsticks()
            with servers.site(PAGE_CACHE_MB="0") as site:
                for page in pages:
                    self._step(page.name, page.goal, partial(self._page, page, site))
            self._step("comment POST", POSTING, partial(posting.measured, nginx=self.nginx))
            with servers.site() as site:
                kept = [page for page in pages if page.cached]
                for page in kept:
                    self._step(f"{page.name}, cached", page.cached, partial(self._cached, page, site, {}))
                name = f"{FEW}, cached, gzip"
                self._step(name, Goal(), partial(self._cached, kept[1], site, PACKED))
                if not self.wanted:
                    self._weigh(site)
        self._conclude()

    def _measure_yardsticks(self):
        if self.wanted:
            return
        with servers.bare() as granian:
            for server, (name, then) in zip((self.nginx, granian), YARDSTICKS.items(), strict=True):
                path = self.nginx.put(bare.BODY) if server is self.nginx else "/"
                row = self._measure(name, server, path, bare.BODY)
                print_row(row, f"{row.cpu_ms / then:.1f} times the {then} CPU ms of the machine of the goals")

    def _step(self, name, goal, work):
        if self.wanted not in name:
            return
        try:
            row = work(name)
        except measure.Failed as failure:
            self.failures.append(failure)
            return
        self.rows.append(row)
        judged = list(goal.judged(row, next((each for each in self.rows if each.name == FEW), None)))
        self.missed += [f"{name}: {words}" for words, is_met in judged if not is_met]
        print_row(row, goals.in_words(judged))

    def _page(self, page, site, name):
        status, _headers, body = site.get(page.path, page.header_values())
        if status != 200 or page.expected not in body.decode():
            raise measure.Failed(f"{name}: {page.path} answers {status}, or without “{page.expected}”")
        return self._measure(name, site, page.path, body, headers=page.headers)

    def _cached(self, page, site, headers, name):
        for _try in range(TRIES):
            status, answered, body = site.get(page.path, headers)
        # What comes from memory has an ETag, and no word of having been made just now.
        if status != 200 or "ETag" not in answered or "Cache-Status" in answered:
            raise measure.Failed(f"{name}: {page.path} answers {status}, and not from the page cache")
        return self._measure(name, site, page.path, body, headers=[f"{key}: {value}" for key, value in headers.items()])

    def _measure(self, name, site, path, body, **options):
        file = self.nginx.put(body)
        return measure.measure(name, site, path, size=len(body), nginx=self.nginx, file=file, **options)

    def _weigh(self, site):
        weights = measure.memory(site)
        web = weights["web processes"] + weights["serve and master"]
        print("\nMemory after that (PSS, MB), and start")
        for kind, size in sorted(weights.items()):
            print(f"{kind:36} {size:10.1f}")
        seconds = site.seconds_to_start
        for words, value, limit in (
            ("web processes, serve and master, MB", web, WEB_MB),
            ("PostgreSQL, shared buffers included, MB", weights["PostgreSQL"], POSTGRESQL_MB),
            ("start to first page, s", seconds, START_SECONDS),
        ):
            is_met = value <= limit
            print(f"{words:40} {value:6.1f}  {'met' if is_met else 'MISSED'}: ≤ {limit}")
            self.missed += [] if is_met else [f"{words}: ≤ {limit}"]

    def _conclude(self):
        if not (self.rows or self.failures):
            self.failures.append(f"no row is called “{self.wanted}”")
        for missed in self.missed:
            print(f"MISSED: {missed}")
        for failure in self.failures:
            print(f"FAILED: {failure}")


def print_reads():
    print(READS.format("\nWhat one request reads", "queries", "rows", "bytes"))
    for page in all_pages():
        cost = growth.cost(page.name, page.path, Client(SERVER_NAME="127.0.0.1", headers=page.header_values()))
        print(READS.format(cost.name, cost.queries, f"{cost.rows:,}", f"{cost.bytes:,}"))


def print_row(row, words):
    figures = [f"{row.rps:,.0f}", f"{row.p50_ms:.2f}", f"{row.p99_ms:.2f}", f"{row.cpu_ms:.3f}", f"{row.bytes:,}"]
    print(COLUMNS.format(row.name, *figures, f"{row.ratio_to_nginx:.4f}", words), flush=True)
