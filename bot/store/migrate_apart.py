"""Migrate in a process of its own, which takes the memory that migrating needs with it when it ends."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from sqlalchemy.exc import SQLAlchemyError

from bot.store import engine, migrate


def upgrade_apart(address: str) -> None:
    """Migrate a database if there is anything to do. Blocks.

    If this fails, nothing is said: who migrates afterwards, as everybody does, finds out why.
    """
    if _is_newest(address):
        return
    subprocess.run(  # noqa: S603  ourselves
        [sys.executable, "-P", "-m", __name__],
        input=address.encode(),  # a list of processes must not show a password
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _is_newest(address: str) -> bool:
    looking = engine.peek(address)
    if looking is None:
        return False
    try:
        return migrate.current(looking) == migrate.newest()
    except SQLAlchemyError:
        return True  # it cannot be reached
    finally:
        looking.dispose()


def _main() -> None:
    with contextlib.closing(engine.connect(sys.stdin.read())) as engines:
        migrate.upgrade(engines)


if __name__ == "__main__":
    _main()
