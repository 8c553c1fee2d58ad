"""Writers at the same moment, on real transactions of several connections."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from unittest.mock import patch

from django.db import connection

PATIENCE = 30  # seconds until a test gives up on a writer
MEETING = 0.3  # seconds that writers wait for others who may be held back by a lock


def together(*verbs: Callable[[], Any]) -> list[Any]:
    """Run them at once, each on its own connection; answers what each returned or raised."""
    results: list[Any] = [None] * len(verbs)
    start = Barrier(len(verbs))

    def run(place: int, verb: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            results[place] = verb()
        except Exception as error:  # noqa: BLE001 - the test looks at what it was
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a writer hangs"
    return results


@contextmanager
def meeting_before(owner: type, method: str, writers: int) -> Iterator[None]:
    """Hold each writer before this call until all have come this far, or until some plainly cannot."""
    barrier = Barrier(writers)
    original = getattr(owner, method)

    def wait_then_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):  # the others may wait for a lock that this writer holds
            barrier.wait(MEETING)
        return original(self, *args, **kwargs)

    with patch.object(owner, method, wait_then_call):
        yield


def no_errors(results: list[Any]) -> list[Any]:
    assert [result for result in results if isinstance(result, BaseException)] == []
    return results


@contextmanager
def meanwhile(owner: type, method: str, verb: Callable[[], Any]) -> Iterator[None]:
    """Before this method's first call another connection runs a verb, unless a lock keeps it away until later."""
    original = getattr(owner, method)
    threads: list[Thread] = []
    results: list[Any] = []

    def let_others_then_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not threads:
            threads.append(Thread(target=lambda: results.extend(together(verb))))
            threads[0].start()
            threads[0].join(MEETING)
        return original(self, *args, **kwargs)

    with patch.object(owner, method, let_others_then_call):
        yield
    assert threads, f"{method} was never called"
    threads[0].join(PATIENCE)
    assert not threads[0].is_alive(), "a writer hangs"
    no_errors(results)
