"""Guards that can be taken away, one at a time: a pytest plugin (`-p tests.attacks.guards`).

GUILDER_GUARD_OFF names the guard that is missing in this run. Its test must then fail: a test that
stays green without its guard proves nothing. `tools/guards.py` does that for each of them.
"""

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Guard:
    """Where a guard stands, what stands there without it, and which test must notice."""

    place: str  # module:attribute, or module:Class.attribute
    instead: Any
    test: str
    is_pure: bool = False  # needs no database


def nothing(*_: Any, **__: Any) -> None:
    """No guard."""


def same(given: Any, *_: Any, **__: Any) -> Any:
    """What was given, as it was."""
    return given


def answer(value: Any) -> Callable[..., Any]:
    """Always the same answer."""
    return lambda *_, **__: value


def without_key(request: Any, route: Any, call: Any) -> Any:
    """The door's work without its memory for Idempotency-Keys."""
    from guilder.faces.rest import door
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(call.by.organization_id):
        return door.encoded(route, route.handler(call), call)


def any_permission(role: str, _: tuple[str, ...]) -> frozenset[str]:
    """A key without its scopes."""
    from guilder.foundation.identity.permissions import permissions_of

    return permissions_of(role)


def place_for_ever(route: Any, call: Any, **_: Any) -> str:
    """Answers that are kept whatever was written meanwhile."""
    return f"answer:{call.by.user_id}:{call.request.get_full_path()}" if route.is_kept else ""


def seen_by_all(*_: Any, **__: Any) -> dict[str, Any]:
    """No rule about rows."""
    return {"owner": None, "drafts": True}


def bare(self: Any, request: Any) -> Any:
    """An answer without the headers."""
    return self.get_response(request)


def signed_with_nothing(key: str | bytes, text: str | bytes, *, way: str = "sha256") -> bytes:
    """A signature under whatever key, the empty one too."""
    import hmac

    raw = key.encode() if isinstance(key, str) else key
    return hmac.new(raw, text.encode() if isinstance(text, str) else text, way).digest()


PAGES, PROGRAMS = "tests/attacks/test_pages.py", "tests/attacks/test_programs.py"
SIGN_IN = "tests/attacks/test_sign_in.py"
REST = "tests/faces/rest"
FILES, EDGES = "tests/attacks/test_files.py", "tests/foundation/edges"
GUARDS = {
    "permissions": Guard(
        "guilder.kernel.actor:Actor.require",
        nothing,
        "tests/faces/rest/test_sweep.py::test_a_role_without_the_permission_is_refused",
    ),
    "throttle": Guard(
        "guilder.foundation.edges.throttle:spend",
        nothing,
        "tests/attacks/test_guessing.py::test_every_place_where_secrets_can_be_guessed_is_counted",
    ),
    "login-attempts": Guard(
        "guilder.foundation.identity.operations.sessions:count_attempt",
        nothing,
        f"{SIGN_IN}::test_logins_are_counted_by_address",
    ),
    "own-addresses": Guard(
        "guilder.faces.web.session.entering:ours",
        same,
        f"{SIGN_IN}::test_nothing_leads_to_another_site",
    ),
    "asked-answers": Guard(
        "guilder.foundation.identity.openid:refuse_strange",
        nothing,
        f"{SIGN_IN}::test_an_answer_of_another_provider_is_refused",
    ),
    "new-session-keys": Guard(
        "django.contrib.sessions.backends.base:SessionBase.cycle_key",
        nothing,
        f"{SIGN_IN}::test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in",
    ),
    "fresh-proof": Guard(
        "guilder.faces.web.session.proving:is_proved",
        answer(True),
        "tests/faces/web/session/test_second_factor.py::test_what_is_sensitive_wants_a_fresh_proof",
    ),
    "form-token": Guard(
        "django.middleware.csrf:CsrfViewMiddleware.process_view",
        nothing,
        f"{PAGES}::test_no_form_is_taken_without_the_token_of_its_page",
    ),
    "unknown-fields": Guard(
        "guilder.kernel.wire:Wire.known",
        nothing,
        f"{PROGRAMS}::test_no_column_of_a_table_is_set_by_naming_it",
    ),
    "idempotency": Guard(
        "guilder.faces.rest.door:once",
        without_key,
        "tests/faces/rest/test_door.py::test_a_repeated_request_has_one_effect_and_one_answer",
    ),
    "uploads": Guard(
        "guilder.foundation.edges.uploads:judge",
        answer("application/octet-stream"),
        f"{FILES}::test_what_would_run_is_not_taken",
    ),
    "bombs": Guard(
        "guilder.foundation.edges.uploads:refuse_bomb",
        nothing,
        f"{EDGES}/test_uploads.py::test_a_bomb_is_refused_unopened",
        is_pure=True,
    ),
    "sealed-downloads": Guard(
        "guilder.faces.web.security:seal_off",
        nothing,
        f"{FILES}::test_a_file_of_strangers_is_saved_never_shown",
    ),
    "hashes-as-names": Guard(
        "guilder.foundation.files.stores:sound",
        same,
        f"{FILES}::test_bytes_lie_under_their_hash_and_nowhere_else",
    ),
    "file-names": Guard(
        "guilder.foundation.files.operations:clean_name",
        same,
        f"{FILES}::test_a_name_never_holds_a_path",
    ),
    "redaction": Guard(
        "guilder.config.logs:redacted",
        same,
        "tests/config/test_redaction.py::test_no_planted_secret_is_logged",
    ),
    "log-lines": Guard(
        "guilder.config.logs:on_one_line",
        same,
        "tests/config/test_redaction.py::test_nobody_writes_a_line_of_their_own",
    ),
    "document-types": Guard(
        "guilder.kernel.xml:_check_prolog",
        nothing,
        "tests/kernel/test_xml.py::test_a_document_type_is_refused_for_what_it_is",
        is_pure=True,
    ),
    "public-addresses": Guard(
        "guilder.foundation.edges.outbound:refuse_private",
        nothing,
        f"{EDGES}/test_outbound.py::test_a_name_with_one_private_address_is_refused",
    ),
    "proxies": Guard(
        "guilder.config.proxies:is_trusted",
        answer(True),
        "tests/config/test_proxies.py::test_only_a_trusted_proxy_is_believed",
    ),
    "formulas": Guard(
        "guilder.faces.web.lists.exporting:harmless",
        str,
        "tests/faces/web/lists/test_machine.py::test_an_export_is_the_view_and_harmless",
    ),
    "placeholders": Guard(
        "guilder.office.dispatch.placeholders:check",
        nothing,
        "tests/office/dispatch/test_settings.py::"
        "test_a_word_outside_the_vocabulary_is_refused_with_those_inside",
    ),
    "closed-set-up": Guard(
        "guilder.foundation.identity.queries:is_set_up",
        answer(False),
        "tests/faces/web/session/test_pages.py::test_set_up_is_closed_once_somebody_is_there",
    ),
    "row-rules": Guard(
        "guilder.registers.parties.reach:reach_of",
        seen_by_all,
        "tests/attacks/test_authorization.py::"
        "test_an_agent_sees_own_and_assigned_documents_in_the_api",
    ),
    "key-scopes": Guard(
        "guilder.foundation.identity.queries:narrowed",
        any_permission,
        f"{REST}/test_door.py::test_a_key_works_within_its_scopes_until_it_is_revoked",
    ),
    "lesser-keys": Guard(
        "guilder.foundation.identity.operations.keys:refuse_more_than_own",
        nothing,
        "tests/attacks/test_authorization.py::test_a_key_may_not_do_more_than_who_makes_it",
    ),
    "session-token": Guard(
        "guilder.faces.rest.auth:SessionToken.is_sound",
        answer(True),
        f"{REST}/test_door.py::test_a_browsers_session_needs_the_pages_token_to_write",
    ),
    "depth-of-json": Guard(
        "guilder.faces.rest.decode:refuse_depth",
        nothing,
        f"{REST}/test_door.py::test_what_is_not_sound_json_is_unreadable",
    ),
    "lost-races": Guard(
        "guilder.faces.rest.tags:require_same",
        nothing,
        f"{REST}/test_tags.py::test_an_action_is_held_to_a_tag_too",
    ),
    "kept-for-whom": Guard(
        "guilder.faces.rest.kept:view_of",
        answer(""),
        f"{REST}/test_kept.py::test_nobody_is_given_what_is_kept_for_somebody_else",
    ),
    "kept-how-long": Guard(
        "guilder.faces.rest.kept:place_of",
        place_for_ever,
        f"{REST}/test_kept.py::test_the_next_read_sees_what_was_written",
    ),
    "scanner": Guard(
        "guilder.foundation.edges.scanner:scan",
        nothing,
        f"{EDGES}/test_uploads.py::test_the_scanner_has_its_say",
    ),
    "headers": Guard(
        "guilder.faces.web.security:SecurityHeaders.__call__",
        bare,
        "tests/attacks/test_canary.py::test_nothing_that_people_wrote_becomes_part_of_a_page",
    ),
    "unsafe-settings": Guard(
        "guilder.config.safety:faults",
        answer(()),
        "tests/config/test_safety.py::test_an_unsafe_setting_is_refused_with_one_sentence",
    ),
    "calls-of-services": Guard(
        "guilder.books.charging.gateways.wire:same",
        answer(True),
        "tests/attacks/test_gateways.py::test_only_the_gateways_own_secret_signs",
    ),
    "empty-secrets": Guard(
        "guilder.books.charging.gateways.wire:signed",
        signed_with_nothing,
        "tests/attacks/test_gateways.py::"
        "test_a_call_signed_with_nothing_is_refused_by_a_gateway_without_a_secret",
    ),
    "other-sites": Guard(
        "guilder.config.cors:origins",
        answer(("*",)),
        "tests/config/test_cors.py::test_origins_are_read_and_judged",
    ),
}


def take_away(name: str) -> None:
    """Put what stands there without the guard in its place, for the rest of this process."""
    guard = GUARDS[name]
    module, _, path = guard.place.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, last = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    assert hasattr(owner, last), f"the guard “{name}” has moved from {guard.place}"
    setattr(owner, last, guard.instead)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Take the named guard away before any test is collected, after Django is set up."""
    if name := os.environ.get("GUILDER_GUARD_OFF"):
        take_away(name)
