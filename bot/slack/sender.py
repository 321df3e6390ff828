"""Send an effect: the one place that turns effects into Web API calls."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.conversation.effects import (
    Aside,
    Effect,
    ListCases,
    Post,
    Share,
    ShowCard,
    Tell,
    TellAgent,
    Update,
)
from bot.conversation.people import Person
from bot.desk.outbox import GiveUp, Sending, Sent, TryAgain
from bot.render.texts import Texts
from bot.slack import faults, messages
from bot.slack.answers import shared_blocks
from bot.slack.messages import Message
from bot.store import CARD, Posted, Queued, Store


class Sender:
    """Send queued effects to Slack. `agents` is the agents' channel, None where there is none."""

    def __init__(self, client: AsyncWebClient, store: Store, texts: Texts, agents: str | None) -> None:
        self._client = client
        self._store = store
        self._texts = texts
        self._agents = agents

    async def send(self, queued: Queued, effect: Effect) -> Sending:
        """Send one effect; a failure comes back as a value."""
        try:
            return await self._send(queued, effect)
        except (SlackApiError, *faults.NETWORK) as error:
            return faults.outcome_of(error)

    async def _send(self, queued: Queued, effect: Effect) -> Sending:
        match effect:
            case Post(to, slot, screen):
                return await self._direct(to, messages.message_of(self._texts, screen), slot)
            case Aside(to, screen):
                return await self._direct(to, messages.aside(self._texts, screen))
            case Tell(to):
                news = messages.news(self._texts, effect, agents=self._agents is not None)
                return await self._direct(to, news)
            case ListCases(to, cases):
                return await self._direct(to, messages.case_list(self._texts, cases))
            case Update(_, slot, screen):
                return await self._update(queued, slot, messages.message_of(self._texts, screen))
            case ShowCard(card):
                return await self._card(queued, messages.card(self._texts, card))
            case TellAgent(to, card):
                return await self._whisper(to, messages.taken(self._texts, card))
            case Share():
                return await self._share(effect)

    async def _direct(self, person: Person, message: Message, slot: str | None = None) -> Sending:
        channel, opened = await self._dm(person)
        ts = await self._post(channel, message)
        return Sent(slot, Posted(channel, ts), (person, channel) if opened else None)

    async def _dm(self, person: Person) -> tuple[str, bool]:
        """Return the person's DM channel, and whether it had to be asked for."""
        known = await self._store.read(lambda unit: unit.known_person(person))
        if known is not None and known.dm_channel:
            return known.dm_channel, False
        response = await self._client.conversations_open(users=person.user)
        return str(response["channel"]["id"]), True

    async def _post(self, channel: str, message: Message) -> str:
        response = await self._client.chat_postMessage(
            channel=channel, blocks=message.blocks, text=message.text, unfurl_links=False, unfurl_media=False
        )
        return str(response["ts"])

    async def _update(self, queued: Queued, slot: str, message: Message) -> Sending:
        case = queued.case
        placed = await self._store.read(lambda unit: unit.placed(case, slot)) if case else None
        if placed is None:
            return GiveUp("there is no message to update")
        await self._client.chat_update(
            channel=placed.channel, ts=placed.ts, blocks=message.blocks, text=message.text
        )
        return Sent()

    async def _card(self, queued: Queued, message: Message) -> Sending:
        if self._agents is None:
            return GiveUp("there is no agents' channel")
        case = queued.case
        placed = await self._store.read(lambda unit: unit.placed(case, CARD)) if case else None
        if placed is not None:
            return await self._update(queued, CARD, message)
        return Sent(CARD, Posted(self._agents, await self._post(self._agents, message)))

    async def _whisper(self, person: Person, message: Message) -> Sending:
        if self._agents is None:
            return GiveUp("there is no agents' channel")
        await self._client.chat_postEphemeral(
            channel=self._agents, user=person.user, blocks=message.blocks, text=message.text
        )
        return Sent()

    async def _share(self, effect: Share) -> Sending:
        if effect.origin.response_url is None:
            return GiveUp("there is no way into the channel any more")
        webhook = AsyncWebhookClient(
            effect.origin.response_url, session=self._client.session, retry_handlers=[]
        )
        response = await webhook.send(
            text=self._texts.headline(effect.result),
            blocks=shared_blocks(self._texts, effect.result, messages.mention(effect.by)),
            response_type="in_channel",
            replace_original=False,
        )
        if response.status_code == 200:  # noqa: PLR2004  HTTP's own number
            return Sent()
        passing = response.status_code == 429 or response.status_code >= 500  # noqa: PLR2004
        reason = f"response_url answered {response.status_code}"
        return TryAgain(reason) if passing else GiveUp(reason)
