"""`certdesk` without the pace of one message a second in a conversation, which is no setting."""

from __future__ import annotations

from functools import partial

from bot.cli import main, serve

if __name__ == "__main__":
    serve.running = partial(serve.running, pace=0.0)
    main()
