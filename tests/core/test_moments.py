"""Reading once while one page is made."""

import threading

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from zhongshi.core.middleware import MomentMiddleware
from zhongshi.core.moments import moment, once


class Clock:
    def __init__(self) -> None:
        self.looked = 0

    def look(self) -> int:
        self.looked += 1
        return self.looked


def test_outside_every_call_looks_anew() -> None:
    ask = once(Clock().look)
    assert [ask(), ask()] == [1, 2]


def test_inside_one_look_is_enough_and_nothing_is_kept_beyond() -> None:
    first, second = once(Clock().look), once(Clock().look)
    with moment():
        assert [first(), first(), second()] == [1, 1, 1]
    with moment():
        assert first() == 2


def test_another_thread_has_a_moment_of_its_own() -> None:
    ask, seen = once(Clock().look), []
    with moment():
        ask()
        thread = threading.Thread(target=lambda: seen.append(ask()))
        thread.start()
        thread.join()
        assert (seen, ask()) == ([2], 1)


def test_only_what_reads_is_a_moment() -> None:
    ask = once(Clock().look)

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{ask()} {ask()}")

    asked = RequestFactory()
    ways = [asked.get("/"), asked.head("/"), asked.post("/")]
    assert [MomentMiddleware(answer)(way).content for way in ways] == [b"1 1", b"2 2", b"3 4"]
