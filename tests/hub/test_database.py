"""What waits for the medium together is written together, and nothing of it hangs on the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event, insert, select

from traffick_desk.hub.database import Database
from traffick_desk.hub.tables import setting


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'x.db'}")
    made.bring_up()
    yield made
    made.close()


class Wrong(Exception):
    pass


def test_what_waits_shares_one_transaction(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    begun, told = threading.Event(), []

    def put(name: str, error: Exception | None = None) -> None:
        def work(connection) -> str:
            connection.execute(insert(setting).values(name=name, value=""))
            if error is not None:
                raise error
            return name

        try:
            told.append(database.together(work))
        except Wrong as refused:
            told.append(str(refused))

    with database.write():
        threads = [
            threading.Thread(target=put, args=(f"n{n}", Wrong("no") if n == 3 else None))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        while len(database._jobs) < 8:
            begun.wait(0.01)
    for thread in threads:
        thread.join()
    assert sorted(told) == sorted(["no", *(f"n{n}" for n in range(8) if n != 3)])
    # The one that held them up, and theirs.
    assert len(commits) == 2
    with database.read() as connection:
        found = set(connection.execute(select(setting.c.name)).scalars())
    assert found == {f"n{n}" for n in range(8) if n != 3}


def test_none_is_told_a_success_when_the_medium_fails(database: Database, monkeypatch) -> None:
    def fail(_connection: object) -> None:
        raise Wrong("medium")

    event.listen(database.engine, "commit", fail)
    told: list[object] = []

    def put(name: str) -> None:
        try:
            database.together(
                lambda connection: connection.execute(insert(setting).values(name=name, value=""))
            )
        except Wrong as error:
            told.append(error)

    threads = [threading.Thread(target=put, args=(f"n{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event.remove(database.engine, "commit", fail)
    assert len(told) == 4
    with database.read() as connection:
        assert connection.execute(select(setting.c.name)).first() is None
    put("after")
    with database.read() as connection:
        assert connection.execute(select(setting.c.name)).scalar() == "after"
