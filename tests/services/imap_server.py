"""A small IMAP4rev1 server on this machine for tests: one account, one folder, the commands that a reader of mail needs."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "mailbox", "open sesame/1"


@dataclass
class Stored:
    """A message and its flags."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


class Server(socketserver.ThreadingTCPServer):
    """The folder's messages, by number; ``dies_before`` ends the connection when a command of that kind comes."""

    allow_reuse_address = True
    daemon_threads = True
    dies_before = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.messages: dict[int, Stored] = {}

    @property
    def url(self) -> str:
        """Where it is."""
        return f"imap://{USER}:open%20sesame%2F1@127.0.0.1:{self.server_address[1]}/INBOX?tls=off"

    def put(self, raw: bytes) -> int:
        """A message arrives."""
        number = len(self.messages) + 1
        self.messages[number] = Stored(raw)
        return number


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: Server

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            if self.server.dies_before and self.server.dies_before in rest.upper():
                return
            if not self.answer(tag, rest):
                return

    def answer(self, tag: str, rest: str) -> bool:
        command = rest.upper()
        if command.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1")
        elif command.startswith("LOGIN"):
            if f'{USER} "{PASSWORD}"' not in rest:
                self.say(f"{tag} NO wrong password")
                return True
        elif command.startswith("SELECT"):
            self.say(f"* {len(self.server.messages)} EXISTS")
        elif command.startswith("UID SEARCH"):
            fits = (n for n, one in self.server.messages.items() if not one.flags & {"\\Seen", "\\Flagged"})
            self.say("* SEARCH " + " ".join(map(str, fits)))
        elif command.startswith("UID FETCH"):
            self.fetch(int(rest.split()[2]), "RFC822.SIZE" in command)
        elif command.startswith("UID STORE"):
            number, flag = int(rest.split()[2]), re.search(r"\((.*)\)", rest)[1]
            self.server.messages[number].flags.add(flag)
        elif command.startswith("LOGOUT"):
            self.say("* BYE")
            self.say(f"{tag} OK")
            return False
        self.say(f"{tag} OK done")
        return True

    def fetch(self, number: int, size: bool) -> None:
        raw = self.server.messages[number].raw
        if size:
            self.say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(raw)})")
        else:
            self.wfile.write(f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")


@contextmanager
def running() -> Iterator[Server]:
    """A server for as long as it is needed."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(10)
