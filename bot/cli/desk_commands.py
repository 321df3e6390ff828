"""Declare the commands that run the desk and set it up: playground, serve, manifest, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import settings

app = typer.Typer()

Host = Annotated[str, typer.Option(help="The address on which to listen for Slack's requests.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")]


@app.command(epilog="Example: certdesk playground --port 4600 --no-browser")
def playground(
    port: Port = 4600,
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    empty: Annotated[bool, typer.Option("--empty", help="Start without the sample cases.")] = False,
) -> None:
    """Try the whole desk on this machine, without a Slack account."""
    from bot.playground.run import run  # noqa: PLC0415

    run(settings(), port=port, browser=browser, empty=empty)


@app.command(epilog="Example: SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… certdesk serve")
def serve(
    host: Host = "127.0.0.1",
    port: Port = 3000,
    metrics_host: Annotated[str, typer.Option(help="The address on which to serve metrics.")] = "127.0.0.1",
    metrics_port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port for metrics; 0 turns them off.")
    ] = 9464,
) -> None:
    """Run the bot against Slack: in Socket Mode if SLACK_APP_TOKEN is set, else over HTTP."""
    from bot.cli.serve import run  # noqa: PLC0415

    run(settings(), host, port, (metrics_host, metrics_port))


@app.command(epilog="Example: certdesk manifest --url https://desk.example.com")
def manifest(
    url: Annotated[
        str | None, typer.Option(help="For HTTP: the https address at which Slack reaches the bot.")
    ] = None,
) -> None:
    """Print the manifest of the Slack app: for Socket Mode, or for HTTP with --url."""
    from bot.slack.app.manifest import AddressError, manifest  # noqa: PLC0415

    try:
        typer.echo(manifest(url), nl=False)
    except AddressError as error:
        wanted = "--url takes an https address such as https://desk.example.com"
        raise typer.BadParameter(wanted) from error


@app.command(epilog="Example: certdesk doctor --blocks")
def doctor(
    *,
    blocks: Annotated[
        bool, typer.Option("--blocks", help="Also let Slack check every answer that can be drawn.")
    ] = False,
) -> None:
    """Check tokens, scopes, channels, database, templates and policy; tell how to fix each failure."""
    from bot.cli.doctor import run  # noqa: PLC0415

    raise typer.Exit(run(settings(), blocks=blocks))
