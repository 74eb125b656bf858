from bench.measure import Run, parse

FAST = """\
Running 1s test @ http://127.0.0.1:60401/file.html
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   264.78us  200.05us   3.37ms   97.22%
    Req/Sec    26.41k     2.14k   28.56k    90.00%
  Latency Distribution
     50%  246.00us
     75%  306.00us
     90%  357.00us
     99%    1.12ms
  26225 requests in 1.00s, 1.23GB read
Requests/sec:  26215.30
Transfer/sec:      1.23GB
"""
# wrk ends a line with a space where the unit is one letter long.
FAILING = """\
Running 3s test @ http://127.0.0.1:8116/f.html
  1 threads and 4 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   357.74ms  518.19ms   1.15s    70.59%
    Req/Sec    21.43     17.73    50.00     57.14%
  Latency Distribution
     50%   43.96ms
     75%    1.10s{space}
     90%    1.14s{space}
     99%    1.15s{space}
  17 requests in 3.01s, 2.03KB read
  Non-2xx or 3xx responses: 9
Requests/sec:      5.65
Transfer/sec:     689.84B
""".format(space=" ")


def test_parse_reads_wrks_figures_in_milliseconds():
    assert parse(FAST) == Run(requests=26225, rps=26215.3, p50_ms=0.246, p99_ms=1.12, errors="")


def test_parse_says_what_went_wrong():
    wrong = "Non-2xx or 3xx responses: 9"

    assert parse(FAILING) == Run(requests=17, rps=5.65, p50_ms=43.96, p99_ms=1150, errors=wrong)
