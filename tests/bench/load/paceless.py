"""`certdesk` without the pace of one message a second in a conversation, which is no setting."""

from __future__ import annotations

from functools import partial

from bot.cli import main, serving

if __name__ == "__main__":
    serving.running = partial(serving.running, pace=0.0)
    main()
