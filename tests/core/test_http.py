"""The one way out: which addresses are never called, and what of an answer is believed."""

import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.receiver import Receiver
from zhongshi.core import http

HOST = "hooks.example.cn"
PUBLIC = ["203.0.114.7"]


def leads_to(*addresses: str) -> http.Resolver:
    """A look-up that finds `addresses` for any name."""
    return lambda _host, _port: list(addresses)


@pytest.fixture(autouse=True)
def listed(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = [HOST, "2130706433", "0x7f.1", "127.1", "[::1]", "::1", "10.1.2.3"]
    settings.WEBHOOK_LOOPBACK_HOSTS = []


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
    with Receiver() as running:
        yield running


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"http://{HOST}/x", "not https"),
        (f"ftp://{HOST}/x", "not https"),
        ("//hooks.example.cn/x", "not https"),
        ("file:///etc/passwd", "not https"),
        (f"https://{HOST}:8443/x", "a port other than 443"),
        (f"https://user:word@{HOST}/x", "name and password in the address"),
        (f"https://user@{HOST}/x", "name and password in the address"),
        (f"https://{HOST}@evil.example/x", "name and password in the address"),
        ("https://evil.example/x", "this host is not on the list of allowed hosts"),
        (f"https://{HOST}.evil.example/x", "this host is not on the list of allowed hosts"),
        (f"https://sub.{HOST}/x", "this host is not on the list of allowed hosts"),
        (f"https://evil.example#{HOST}/", "this host is not on the list of allowed hosts"),
        (f"https://evil.example\\.{HOST}/", "this host is not on the list of allowed hosts"),
        ("https://127.0.0.1/x", "this host is not on the list of allowed hosts"),
        ("https://169.254.169.254/latest/meta-data/", "this host is not on the list of allowed hosts"),
        ("http://127.0.0.1:8000/x", "not https"),
        ("https:///x", "this host is not on the list of allowed hosts"),
        ("https://[::1/x", "not an address"),
        (f"https://{HOST}:port/x", "not an address"),
        ("", "not https"),
    ],
)
def test_an_address_is_refused_before_the_network_is_asked(url: str, why: str) -> None:
    def ask(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(http.AddressRefused, match=why):
        http.target_of(url, ask)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",  # noqa: S104 - one that must be refused
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "nonsense",
    ],
)
def test_a_listed_host_that_leads_to_a_private_address_is_refused(address: str) -> None:
    for found in ([address], [*PUBLIC, address], [address, *PUBLIC]):
        with pytest.raises(http.AddressRefused, match="private network"):
            http.target_of(f"https://{HOST}/x", leads_to(*found))


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "[::1]", "10.1.2.3"])
def test_other_ways_to_write_a_private_address_are_seen_through(host: str) -> None:
    with pytest.raises(http.AddressRefused, match="private network"):
        http.target_of(f"https://{host}/x")


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    asked: list[tuple[str, int]] = []

    def ask(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["203.0.114.7", "2606:4700::1111"]

    target = http.target_of(f"https://{HOST.upper()}./send?key=k#part", ask)

    assert asked == [(HOST, 443)]
    assert target == http.Target("https://203.0.114.7:443/send?key=k", HOST, HOST)


def test_an_ipv6_address_is_written_in_brackets() -> None:
    assert http.target_of(f"https://{HOST}/", leads_to("2606:4700::1111")).url == ("https://[2606:4700::1111]:443/")


def test_a_name_nobody_knows_is_no_answer() -> None:
    def ask(host: str, port: int) -> list[str]:
        raise socket.gaierror

    for resolve in (ask, leads_to()):
        with pytest.raises(http.NoAnswer, match="could not be looked up"):
            http.target_of(f"https://{HOST}/x", resolve)


def test_the_body_and_the_headers_arrive_with_the_right_host(receiver: Receiver) -> None:
    answer = http.post(f"{receiver.url}/a?key=1", body=b'{"a": 1}', headers={"Content-Type": "application/json"})

    assert (answer.status, answer.body) == (200, b"{}")
    [call] = receiver.calls
    assert (call.path, call.body) == ("/a?key=1", b'{"a": 1}')
    assert call.headers["Host"] == receiver.url.removeprefix("http://")
    assert call.headers["Content-Type"] == "application/json"
    assert call.headers["Accept-Encoding"] == "identity"


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [(302, b"", {"Location": "http://127.0.0.1:1/elsewhere"})]

    assert http.post(receiver.url, body=b"").status == 302
    assert len(receiver.calls) == 1


def test_a_pause_that_is_asked_for_is_read(receiver: Receiver) -> None:
    receiver.answers = [(429, b"", {"Retry-After": "120"}), (429, b"", {"Retry-After": "soon"}), (503, b"", {})]

    assert [http.post(receiver.url, body=b"").retry_after for _ in range(3)] == [120.0, None, None]


def test_an_answer_beyond_64_kb_is_not_read_on(receiver: Receiver) -> None:
    receiver.answers = [(200, b"x" * 65_536, {}), (200, b"x" * 65_537, {})]

    assert len(http.post(receiver.url, body=b"").body) == 65_536
    with pytest.raises(http.NoAnswer, match="too long"):
        http.post(receiver.url, body=b"")


def test_a_slow_server_and_a_lost_answer_are_no_answer(receiver: Receiver) -> None:
    receiver.answers = ["silence", "hang up", "drip"]

    with pytest.raises(http.NoAnswer, match="no answer in time"):
        http.post(receiver.url, body=b"", seconds=0.3)
    _wait_heard(receiver, 1)
    with pytest.raises(http.NoAnswer, match="the connection failed"):
        http.post(receiver.url, body=b"")
    with pytest.raises(http.NoAnswer, match="no answer in time"):
        http.post(receiver.url, body=b"", seconds=0.3)
    _wait_heard(receiver, 3)


def _wait_heard(receiver: Receiver, calls: int) -> None:
    """Its thread may come to a call only after the caller has given it up."""
    deadline = time.monotonic() + 60
    while len(receiver.calls) < calls and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(receiver.calls) == calls


def test_nothing_listens(receiver: Receiver) -> None:
    with pytest.raises(http.NoAnswer, match=r"the connection failed \(ConnectError\)"):
        http.post("http://127.0.0.1:1/key=s3cret", body=b"")


def test_no_address_is_logged_or_told(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        http.post(f"{receiver.url}/send?key=s3cret", body=b"")
        with pytest.raises(http.AddressRefused) as refused:
            http.post("https://evil.example/?key=s3cret", body=b"")
        receiver.answers = ["hang up"]
        with pytest.raises(http.NoAnswer) as lost:
            http.post(f"{receiver.url}/send?key=s3cret", body=b"")

    assert "s3cret" not in caplog.text
    assert "s3cret" not in f"{refused.value} {lost.value}"
    assert lost.value.__cause__ is None
    assert lost.value.__suppress_context__
