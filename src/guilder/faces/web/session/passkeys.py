"""Signing in with a passkey: first and second factor in one, the second step, or a fresh proof."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from guilder.faces.web.door import outside
from guilder.faces.web.sentences import said
from guilder.faces.web.session.entering import awaits_company, enter, half_of, next_of, ours
from guilder.faces.web.session.proving import note_proof
from guilder.faces.web.shell import address_of
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.operations.passkeys import UnknownPasskey


@require_POST
@outside
def begin(request: HttpRequest) -> HttpResponse:
    """What the browser asks the passkey."""
    return JsonResponse(identity.begin_passkey(expected_by(request)))


@require_POST
@outside
def finish(request: HttpRequest) -> HttpResponse:
    """Check what the passkey signed; then on to where the person wanted."""
    throttle.spend("login", throttle.who_at(address_of(request)))
    expected, half = expected_by(request), half_of(request)
    try:
        user = identity.finish_passkey(request.body, expected=expected, address=address_of(request))
    except UnknownPasskey as error:
        return JsonResponse({"problem": said(error.detail)}, status=401)
    if request.user.is_authenticated:
        note_proof(request)
        return JsonResponse({"to": next_of(request)})
    enter(request, user, method="passkey")
    if awaits_company(request):
        return JsonResponse({"to": reverse("web:setup_company")})
    return JsonResponse({"to": half[1] if half else ours(request.GET.get("next", ""))})


def expected_by(request: HttpRequest) -> Any:
    """Whose passkey it must be: the signed-in person's, or who gave the password; else anybody."""
    if request.user.is_authenticated:
        return request.user
    half = half_of(request)
    return half[0] if half else None
