"""Nothing leaves for an address that is not a registered target's, and never for a private one by surprise."""

from __future__ import annotations

import socket
from threading import Thread
from typing import Any

import pytest

from app.core.post import Trouble
from app.delivery.guard import look_up, may_be_written_to
from app.delivery.line import post
from tests.delivery.receiver import receiving
from tests.services.post_box import free_port

PRIVATE = (
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "10.255.255.254",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "fc00::1",
    "fec0::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
)
NEVER = (
    "169.254.169.254",
    "169.254.0.1",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::",
)
PUBLIC = ("1.1.1.1", "203.119.25.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1")
SPELLINGS = (
    "http://127.0.0.1/hook",
    "http://127.1/hook",
    "http://2130706433/hook",
    "http://0177.0.0.1/hook",
    "http://0x7f.0.0.1/hook",
    "http://0x7f000001/hook",
    "http://017700000001/hook",
    "http://10.1/hook",
    "http://[::1]/hook",
    "http://[::ffff:127.0.0.1]/hook",
    "http://[::ffff:7f00:1]/hook",
    "http://localhost/hook",
    "http://LOCALHOST./hook",
    "http://127.0.0.1./hook",
    "http://１２７.０.０.１/hook",
    "http://169.254.169.254/latest/meta-data/",
    "http://0/hook",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_no_place_unless_it_is_allowed(address: str) -> None:
    assert not may_be_written_to(address, allow_private=False)
    assert may_be_written_to(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_what_is_no_target_in_any_house_stays_closed_even_where_private_ones_are_allowed(address: str) -> None:
    assert not may_be_written_to(address, allow_private=False)
    assert not may_be_written_to(address, allow_private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_open(address: str) -> None:
    assert may_be_written_to(address, allow_private=False)


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_a_private_address_is_looked_through(url: str) -> None:
    with pytest.raises(Trouble) as trouble:
        look_up(url, allow_private=False)
    assert (trouble.value.code, trouble.value.lasting) == ("private", True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "//example.org/",
        "https://",
        "http://user:password@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://exa mple.org/",
        "http://example.org/\r\nHost: other",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://[::1/",
        "",
    ],
)
def test_what_is_no_plain_web_address_is_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(Trouble) as trouble:
        look_up(url, allow_private=True)
    assert (trouble.value.code, trouble.value.lasting) == ("address", True)


def _names(monkeypatch: pytest.MonkeyPatch, answers: list[list[str]]) -> list[Any]:
    """A name server in our hands: every question gets the next answer. Returns the questions."""
    asked: list[Any] = []

    def answer(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        numbers = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr("app.delivery.guard.socket.getaddrinfo", answer)
    return asked


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, [["10.1.2.3"]])
    with pytest.raises(Trouble) as trouble:
        look_up("https://hooks.example.org/", allow_private=False)
    assert trouble.value.code == "private"


def test_a_name_with_one_private_address_among_others_is_refused_altogether(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, [["203.119.25.1", "::ffff:192.168.0.1"]])
    with pytest.raises(Trouble) as trouble:
        look_up("https://hooks.example.org/", allow_private=False)
    assert trouble.value.code == "private"


def test_a_name_is_asked_once_and_the_line_goes_to_the_number_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        reached: list[Any] = []

        def connect(address: tuple[str, int], *_more: Any) -> socket.socket:
            reached.append(address)
            line = socket.socket()
            line.connect(("127.0.0.1", receiver.port))
            return line

        asked = _names(monkeypatch, [["203.119.25.1"], ["127.0.0.1"]])
        monkeypatch.setattr("app.delivery.line.socket.create_connection", connect)
        reply = post("http://hooks.example.org:8080/in?a=1", b"{}", {}, allow_private=False, patience=5)
    assert reply.status == 200
    assert asked == ["hooks.example.org"]
    assert reached == [("203.119.25.1", 8080)]
    (got,) = receiver.posts
    assert (got.path, got.headers["host"]) == ("/in?a=1", "hooks.example.org:8080")


def test_no_byte_reaches_a_private_receiver_that_is_not_allowed() -> None:
    with receiving() as receiver:
        with pytest.raises(Trouble):
            post(f"{receiver.url}/hook", b"{}", {}, allow_private=False, patience=5)
        assert receiver.posts == []
        post(f"{receiver.url}/hook", b"{}", {}, allow_private=True, patience=5)
        assert len(receiver.posts) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_nowhere(status: int) -> None:
    with receiving() as inside, receiving() as receiver:
        receiver.status, receiver.headers = status, {"Location": f"{inside.url}/secrets"}
        with pytest.raises(Trouble) as trouble:
            post(f"{receiver.url}/hook", b"{}", {}, allow_private=True, patience=5)
        assert (trouble.value.code, trouble.value.lasting) == ("redirected", True)
        assert len(receiver.posts) == 1 and inside.posts == []


def test_the_proxy_of_the_environment_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        post(f"{receiver.url}/hook", b"{}", {}, allow_private=True, patience=5)
        assert len(receiver.posts) == 1 and proxy.posts == []


@pytest.mark.parametrize(("status", "code", "lasting"), [(429, "later", False), (503, "later", False), (400, "refused_message", True)])
def test_an_answer_says_whether_to_come_again(status: int, code: str, lasting: bool) -> None:
    with receiving() as receiver:
        receiver.status, receiver.answer = status, "不行".encode()
        with pytest.raises(Trouble) as trouble:
            post(f"{receiver.url}/hook", b"{}", {}, allow_private=True, patience=5)
    assert (trouble.value.code, trouble.value.lasting, trouble.value.server) == (code, lasting, False)
    assert trouble.value.answer == f"{status} 不行"


def test_a_receiver_that_is_away_is_away() -> None:
    with pytest.raises(Trouble) as trouble:
        post(f"http://127.0.0.1:{free_port()}/", b"{}", {}, allow_private=True, patience=5)
    assert (trouble.value.code, trouble.value.server) == ("away", True)


@pytest.mark.parametrize("head", [b"H", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_receiver_that_drips_is_hung_up_on_in_time(head: bytes) -> None:
    with receiving() as receiver:
        receiver.drips = head
        failed: list[Trouble] = []

        def call() -> None:
            try:
                post(f"{receiver.url}/", b"{}", {}, allow_private=True, patience=0.5)
            except Trouble as trouble:
                failed.append(trouble)

        caller = Thread(target=call, daemon=True)
        caller.start()
        caller.join(5)
        assert not caller.is_alive()
    assert [trouble.code for trouble in failed] == ["away"]


def test_an_encrypted_line_asks_for_the_certificate_of_the_named_host() -> None:
    with receiving() as receiver:
        with pytest.raises(Trouble) as trouble:
            post(f"https://127.0.0.1:{receiver.port}/", b"{}", {}, allow_private=True, patience=5)
        assert trouble.value.code == "away"
        assert receiver.posts == []
