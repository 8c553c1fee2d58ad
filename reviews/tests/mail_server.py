"""A mail server on this machine that takes letters, refuses them or goes away in the midst of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from django.utils import timezone

SAID = {"hello": "220 here", "DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye"}


class MailServer(ThreadingTCPServer):
    """`says`: what it answers to a word of the client, "hello" and "." being the beginning and the end of a letter.

    "" goes away without an answer, None keeps silent until the client has gone.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.says: dict[str, str | None] = {}
        self.letters: list[str] = []  # those of which it has had every word, whatever it answered
        self.asked_at: list[object] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.asked_at.append(timezone.now())
        if not self.answer("hello"):
            return
        for line in self.rfile:
            word = line.decode().split()[0].upper()
            if not self.answer(word) or word == "QUIT":
                return
            if word == "DATA" and "DATA" not in self.server.says:
                self.server.letters.append(self.letter())
                if not self.answer("."):
                    return

    def letter(self) -> str:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.decode())
        return "".join(lines)

    def answer(self, word: str) -> bool:
        """Whether it goes on."""
        answer = self.server.says.get(word, SAID.get(word, "250 so be it"))
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
        elif answer is None:
            self.rfile.read()
        return bool(answer)


@contextmanager
def listening() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
