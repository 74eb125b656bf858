"""Only the public web is asked, and nobody there can hold us up."""

import ssl
import time

import httpcore
import pytest

from blog.web.outbound import Answer, NoAnswer, Reason, fetch, is_public
from tests.internet import PUBLIC, response


def reason_of(url, **limits):
    with pytest.raises(NoAnswer) as caught:
        fetch(url, **limits)
    return caught.value.reason


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"], ids=["IPv4", "IPv6", "IPv4 through NAT64"]
)
def test_addresses_of_the_public_web(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "0.0.0.0", "::", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "fc00::1", "fe80::1",
        "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001::1",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
        "http://１２７.０.０.１/", "http://127。0。0。1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://inside.example/",
        "http://both.example/", "http://anna@open.example/", "http://anna:ord@open.example/", "http://@open.example/",
        "file:///etc/passwd", "ftp://open.example/", "//open.example/", "http:///", "", "http://[::1/", "http://a:b/",
        "http://a:99999/",
    ],
)  # fmt: skip
def test_what_is_not_an_address_on_the_public_web_opens_no_socket(internet, url):
    internet.host("open.example")
    internet.host("inside.example", addresses=["10.0.0.1"])
    internet.host("both.example", addresses=[PUBLIC, "127.0.0.1"])

    assert reason_of(url) == Reason.ADDRESS
    assert internet.opened == []


@pytest.mark.parametrize("url", ["http://open.example:22/", "https://open.example:8443/"])
def test_only_the_usual_ports_are_asked(internet, url):
    internet.host("open.example")

    assert reason_of(url) == Reason.PORT
    assert internet.opened == []


def test_answer_holds_what_was_said_and_no_more_than_asked_for(internet):
    internet.host("räksmörgås.example".encode("idna").decode(), response(200, b"x" * 100_000, Server="Test"))

    answer = fetch("http://Räksmörgås.example/å?q=ä#del", max_bytes=10)

    url = "http://Räksmörgås.example/å?q=ä#del"
    assert answer == Answer(url, 200, {"server": "Test"}, b"x" * 10)
    assert internet.requests == ["http://xn--rksmrgs-5wao1o.example/%C3%A5?q=%C3%A4"]


def test_redirect_to_what_is_no_address_is_no_answer(internet):
    internet.page("https://one.example/a", 301, Location="http://[")

    assert reason_of("https://one.example/a") == Reason.ADDRESS


def test_redirects_are_followed_and_each_is_checked(internet):
    internet.page("https://one.example/a", 301, Location="//two.example/b")
    internet.page("https://two.example/b", 302, Location="c")
    internet.page("https://two.example/c", 200)
    internet.page("https://bad.example/", 302, Location="http://169.254.169.254/latest/")

    assert fetch("https://one.example/a").url == "https://two.example/c"
    assert reason_of("https://bad.example/") == Reason.ADDRESS


def test_redirects_in_a_circle_end(internet):
    internet.page("https://one.example/", 301, Location="/")

    assert reason_of("https://one.example/") == Reason.REDIRECTS
    assert len(internet.requests) == 5


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpcore.ReadTimeout(), Reason.TIMEOUT),
        (httpcore.ReadError(), Reason.ANSWER),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", Reason.ANSWER),
        (b"", Reason.ANSWER),
    ],
)
def test_no_answer_has_its_reason(internet, answer, reason):
    internet.host("odd.example", answer)

    assert reason_of("http://odd.example/") == reason


def test_unknown_hosts_and_bad_certificates_have_their_reason(internet):
    internet.host("old.example", ssl.SSLCertVerificationError("expired"))

    assert reason_of("https://nowhere.example/") == Reason.HOST
    assert reason_of("https://old.example/") == Reason.TLS


def test_refused_connection_has_its_reason(internet, monkeypatch):
    def refuse(*_arguments):
        raise httpcore.ConnectError("refused")

    internet.host("shut.example")
    monkeypatch.setattr(internet, "connect_tcp", refuse)

    assert reason_of("http://shut.example/") == Reason.REFUSED


@pytest.mark.parametrize("body", [b"", b"x" * 1000], ids=["in the headers", "in the body"])
def test_server_that_sends_a_byte_at_a_time_is_left(internet, body):
    headers = {} if body else {f"X-{number}": "slow" for number in range(100)}
    internet.host("slow.example", response(200, body, **headers), pause=0.005)
    begun = time.monotonic()

    assert reason_of("http://slow.example/", max_bytes=10_000, seconds=0.3) == Reason.TIMEOUT
    assert time.monotonic() - begun < 1
