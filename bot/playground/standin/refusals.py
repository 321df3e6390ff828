"""Every error code that the stand-in answers with, and when: the documentation is made from this."""

from __future__ import annotations

from typing import Final

CALLS: Final[dict[str, str]] = {
    "unknown_method": "there is no such method (or the stand-in does not have it)",
    "invalid_post_type": "the body is neither JSON nor a form",
    "invalid_json": "the body says that it is JSON and is not",
    "json_not_object": "the body is JSON, but no object",
    "not_authed": "there is no token",
    "invalid_auth": "the token is unknown",
    "token_revoked": "the token was revoked",
    "not_allowed_token_type": "a bot token where an app-level token is wanted, or the reverse",
    "missing_scope": "the token has not the scope (`needed`, `provided` say which)",
    "invalid_arguments": "an argument is unknown, missing or of the wrong type, or a view is malformed",
    "channel_not_found": "there is no such conversation, or it is a private one without the bot",
    "not_in_channel": "the bot is not in the public channel",
    "is_archived": "the channel is archived",
    "is_inactive": "the message to be updated is in an archived channel",
    "user_not_found": "there is no such user",
    "user_not_in_channel": "an ephemeral message for somebody who is not in the channel",
    "user_disabled": "the user is deactivated",
    "cannot_dm_bot": "a DM to a bot",
    "users_list_not_supplied": "`conversations.open` without `users` and `channel`",
    "method_not_supported_for_channel_type": "a DM with several people (the stand-in has none)",
    "bot_not_found": "there is no such bot",
    "invalid_types": "an unknown type of conversation",
    "invalid_limit": "`limit` is no number from 1 to 999 (or 1000)",
    "invalid_cursor": "`cursor` was not given by an earlier answer",
    "invalid_ts_oldest": "`oldest` is no timestamp",
    "invalid_ts_latest": "`latest` is no timestamp",
    "thread_not_found": "there is no message of that `ts`",
    "message_not_found": "there is no message of that `ts`, or it is ephemeral",
    "cant_update_message": "the message is not the app's own",
    "cant_delete_message": "the message is not the app's own",
    "no_text": "neither text nor blocks",
    "msg_too_long": "`text` of more than 40,000 characters, or 4,000 in `chat.update`",
    "msg_blocks_too_long": "the text of all blocks of a message is more than 13,000 characters",
    "invalid_blocks": "a block is not as the tables below say (`errors` says where)",
    "invalid_blocks_format": "`blocks` is no JSON list",
    "invalid_metadata_format": "`metadata` is not `event_type` and `event_payload`",
    "metadata_too_large": "`metadata` is more than 8,000 characters of JSON",
    "already_reacted": "the bot has given that reaction",
    "no_item_specified": "a reaction without `timestamp`",
    "invalid_name": "a reaction without a name, or whose name no emoji can have",
    "invalid_trigger_id": "the stand-in never gave that trigger id",
    "expired_trigger_id": "the trigger id is older than 3 seconds",
    "exchanged_trigger_id": "the trigger id has opened a view already",
    "view_too_large": "the view is more than 250,000 characters of JSON",
    "duplicate_external_id": "another open view has that `external_id`",
    "push_limit_reached": "three views are open on top of each other",
    "not_enabled": "a home view of an app without a Home tab",
    "not_found": "that view is closed, or there is none to push onto",
    "hash_conflict": "the view has changed since that `hash`",
}

RESPONSE_URLS: Final[dict[str, str]] = {
    "invalid_url": "the stand-in never gave that URL (HTTP 404)",
    "expired_url": "the URL is older than 30 minutes (404)",
    "used_url": "the URL was used five times (404)",
    "invalid_payload": "the body is no JSON object of known fields (400)",
    "invalid_response_type": "`response_type` is neither `ephemeral` nor `in_channel` (400)",
}

ANSWERS: Final[dict[str, str]] = {
    "operation_timeout": "no acknowledgment within 3 seconds",
    "dispatch_failed": "no connection, or a status other than 2xx",
    "invalid_response": "an answer where none is taken, or of the wrong kind",
    "invalid_response_action": "an unknown `response_action`, or fields that do not belong to it",
    "invalid_errors_block_id": "`errors` is empty or names what is no input block of the view",
    "invalid_errors_text": "an error without text",
}
