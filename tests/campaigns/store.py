"""The store under contention and under kill -9, on both databases.

    python -m tests.campaigns.store [--seconds 60] [--rounds 100]

`contend`: 32 writers on two copies of the store while a reader follows. `kill`: a process that writes, and its database server, are
killed at random. Each prints its progress and one line at the end, and returns what it counted; it raises AssertionError when a promise
is broken: a hole, a skipped fact, a command done twice, something acknowledged and not stored.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from contracts.errors import Conflict
from shared.store import Outcome, Recorder, SavedCommand, Stored, open_store
from tests.servers_fixture import PostgresServer

NOTED = "testing.Noted.v1"
WRITERS = 32
KILLED_WRITERS = 8
DIGEST = b"digest"


def contend(url: str, seconds: float) -> dict[str, int]:
    """Writers make new streams, race for shared ones and send commands twice; the reader must see 1, 2, 3 … and nothing else."""
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(open_store(url, create=True))) for _ in range(2)]
        contest = _Contest(stores, time.monotonic() + seconds)
        contest.run()
        result = contest.result()
    print(f"contend {url.partition(':')[0]}: " + ", ".join(f"{count:,} {what}" for what, count in result.items()), flush=True)
    return result


@dataclass
class _Contest:
    stores: list[Recorder]
    end: float
    counted: Counter[str] = field(default_factory=Counter)
    faults: list[BaseException] = field(default_factory=list)
    positions: set[int] = field(default_factory=set)
    shared: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(4)])
    written: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        writers = [self._thread(self._write, number) for number in range(WRITERS)]
        reader = self._thread(self._read, 0)
        for writer in writers:
            writer.join()
        self.written.set()
        reader.join()

    def result(self) -> dict[str, int]:
        if self.faults:
            raise self.faults[0]
        head = self.stores[0].head()
        assert self.counted["read"] == head == len(self.positions), "as many facts as were acknowledged, and all were read"
        return {
            "facts": head,
            "skipped": head - self.counted["read"],
            "repeated": self.counted["repeated"],
            "conflicts": self.counted["conflicts"],
        }

    def _thread(self, work: object, number: int) -> threading.Thread:
        def guarded() -> None:
            try:
                work(number)  # type: ignore[operator]
            except BaseException as fault:  # noqa: BLE001  raised again by `result`
                self.faults.append(fault)

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def _write(self, number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < self.end and not self.faults:
            store, other = chance.sample(self.stores, 2)
            if chance.random() < 0.2:
                self._race(store, chance.choice(self.shared))
            else:
                self._twice(store, other, facts=chance.randint(0, 3), again=chance.random() < 0.2)

    def _race(self, store: Recorder, stream: UUID) -> None:
        seen = store.select_events(stream, desc=True, limit=1)
        try:
            outcome = store.append([Stored(stream, (seen[0].originator_version if seen else 0) + 1, NOTED, b"{}")])
            self.positions.add(outcome.position)
        except Conflict:
            self.counted["conflicts"] += 1

    def _twice(self, store: Recorder, other: Recorder, *, facts: int, again: bool) -> None:
        stream = uuid4()
        save = SavedCommand(uuid4(), DIGEST, stream, facts)
        events = [Stored(stream, version, NOTED, b"{}") for version in range(1, facts + 1)]
        outcomes = list[Outcome]()
        calls = [threading.Thread(target=lambda to=to: outcomes.append(to.append(events, command=save))) for to in (other,) * again]
        for call in calls:
            call.start()
        outcomes.append(store.append(events, command=save))
        for call in calls:
            call.join()
        assert len({outcome.position for outcome in outcomes}) == 1, "the same command has one result"
        assert [outcome.repeated for outcome in outcomes].count(False) == 1, "the same command is done once"
        self.counted["repeated"] += again
        self.positions.update(range(outcomes[0].position - facts + 1, outcomes[0].position + 1))

    def _read(self, _: int) -> None:
        last, shown = 0, time.monotonic()
        while not self.written.is_set() or last < self.stores[0].head():
            rows = self.stores[1].read(last, 500)
            assert [row.position for row in rows] == list(range(last + 1, last + 1 + len(rows))), "a reader skips nothing"
            last += len(rows)
            self.counted["read"] += len(rows)
            if time.monotonic() - shown > 5:
                print(f"  {last:,} facts read, {self.counted['conflicts']:,} conflicts", flush=True)
                shown = time.monotonic()
            if not rows:
                time.sleep(0.001)


def kill(url: str, rounds: int, server: PostgresServer | None = None) -> dict[str, int]:
    """`rounds` times a writing process is killed at random; with `server`, in every other round the database before it."""
    open_store(url, create=True).close()
    counted: Counter[str] = Counter(rounds=rounds)
    for number in range(rounds):
        begun, acknowledged = _killed_writer(url, server if number % 2 else None)
        counted["acknowledged"] += len(acknowledged)
        counted["unanswered"] += len(begun) - len(acknowledged)
        with closing(open_store(url)) as store:
            counted["had been written"] += _send_again(store, begun, acknowledged)
        if number % 10 == 9:
            print(f"  {number + 1} kills, {counted['acknowledged']:,} acknowledged", flush=True)
    with closing(open_store(url)) as store:
        counted["facts"] = _audit(store)
    assert counted["facts"] == counted["acknowledged"] + counted["unanswered"], "each command is stored once"
    result = dict(counted)
    print(f"kill {url.partition(':')[0]}: " + ", ".join(f"{count:,} {what}" for what, count in result.items()), flush=True)
    return result


def _killed_writer(url: str, server: PostgresServer | None) -> tuple[set[UUID], dict[UUID, int]]:
    """The commands a process began, and the positions of those it was told are stored, before it was killed."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.campaigns.store", "--write", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        stdout = writer.stdout
        assert stdout is not None
        output = [stdout.readline()]  # it has begun
        drain = threading.Thread(target=lambda: output.append(stdout.read()))
        drain.start()
        time.sleep(random.uniform(0.0, 0.3))
        if server:
            server.kill()
            server.start()
            time.sleep(random.uniform(0.0, 0.3))
        writer.kill()
        drain.join()
    lines = [line.split() for line in b"".join(output).splitlines()]
    begun = {UUID(line[1].decode()) for line in lines if line[0] == b"begun"}
    return begun, {UUID(line[1].decode()): int(line[2]) for line in lines if line[0] == b"stored"}


def _send_again(store: Recorder, begun: set[UUID], acknowledged: dict[UUID, int]) -> int:
    """Every command that was begun; how many of the unanswered had been written."""
    written = 0
    for id in begun:
        outcome = store.append([Stored(id, 1, NOTED, id.bytes)], command=SavedCommand(id, DIGEST, id, 1))
        if id in acknowledged:
            assert outcome == Outcome(id, 1, acknowledged[id], repeated=True), "what was acknowledged is stored where it was said"
        else:
            written += outcome.repeated
    return written


def _audit(store: Recorder) -> int:
    last, streams = 0, set[UUID]()
    while rows := store.read(last, 500):
        assert [row.position for row in rows] == list(range(last + 1, last + 1 + len(rows))), "there is no hole"
        assert all(row.state == row.stream.bytes for row in rows), "bytes are as they were sent"
        streams.update(row.stream for row in rows)
        last += len(rows)
    assert len(streams) == last == store.head(), "nothing is stored twice"
    return last


def write(url: str) -> None:
    """The process that is killed: says what it begins and what it is told is stored, in whole lines."""
    store = open_store(url, deadline=60)

    def work() -> None:
        while True:
            id = uuid4()
            os.write(1, b"begun %s\n" % str(id).encode())
            outcome = store.append([Stored(id, 1, NOTED, id.bytes)], command=SavedCommand(id, DIGEST, id, 1))
            os.write(1, b"stored %s %d\n" % (str(id).encode(), outcome.position))

    for _ in range(KILLED_WRITERS):
        threading.Thread(target=work).start()


def campaign(seconds: float, rounds: int) -> dict[str, dict[str, int]]:
    """Everything, on both databases."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="comhar-campaign-")))
        server = PostgresServer().start()
        stack.callback(server.close)
        database = server.new_database()
        return {
            "contend sqlite": contend(f"sqlite:///{directory}/contend.db", seconds),
            "contend postgresql": contend(f"{database}?schema=contend", seconds),
            "kill sqlite": kill(f"sqlite:///{directory}/kill.db", rounds),
            "kill postgresql": kill(f"{database}?schema=kill", rounds, server),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--write")
    options = parser.parse_args()
    if options.write:
        write(options.write)
    else:
        campaign(options.seconds, options.rounds)


if __name__ == "__main__":
    main()
