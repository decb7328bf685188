"""Rivals who start together, each on a connection of its own; and many rounds of it, so that chance has its turns."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable

from django.db import connection
from django.http import HttpResponse

from zhongshi.core.errors import DomainError

Attempt = Callable[[], object]
ROUNDS = range(12)


def race(attempts: Iterable[Attempt], seed: int = 0) -> list[str]:
    """Run all at once; in the order given "won" or the refusal's code for each. Anything else that is raised is raised.

    `seed` shuffles the order in which the threads come to the start: whoever is last there runs first.
    """
    tasks = list(enumerate(attempts))
    outcomes: dict[int, str] = {}
    broken: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(place: int, attempt: Attempt) -> None:
        start.wait(30)
        try:
            answer = attempt()
            outcomes[place] = _outcome(answer)
        except DomainError as refusal:
            outcomes[place] = refusal.code
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    random.Random(seed).shuffle(tasks)  # noqa: S311 - the order of a test
    threads = [threading.Thread(target=run, args=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if broken:
        raise broken[0]
    return [outcomes[place] for place in sorted(outcomes)]


def _outcome(answer: object) -> str:
    """A page's or the API's status where one was asked, else the word of a service that did not refuse."""
    return str(answer.status_code) if isinstance(answer, HttpResponse) else "won"
