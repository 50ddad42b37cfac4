"""The Keycloak that single sign-on is tried with: its realm fits what the guide says."""

import json
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
REALM = json.loads((ROOT / "deploy/keycloak/realm.json").read_text())
GUIDE = (ROOT / "docs/operate/single-sign-on.md").read_text()


def test_the_realm_knows_guilder_by_the_address_that_it_comes_back_to() -> None:
    [client] = [one for one in REALM["clients"] if one["clientId"] == "guilder"]
    base = yaml.safe_load((ROOT / "deploy/compose.development.yaml").read_text())
    address = base["x-guilder"]["environment"]["GUILDER_BASE_URL"]

    assert client["redirectUris"] == [f"{address}/sign-in/return/"]
    assert client["standardFlowEnabled"] and not client["directAccessGrantsEnabled"]
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert client["secret"] in GUIDE and REALM["realm"] in GUIDE


def test_roles_come_where_guilder_reads_them() -> None:
    [client] = [one for one in REALM["clients"] if one["clientId"] == "guilder"]
    claims = {
        one["config"]["claim.name"]
        for one in client["protocolMappers"]
        if one["config"]["id.token.claim"] == "true"
    }

    assert claims == {"realm_access.roles", "groups"}
    roles = {one["name"] for one in REALM["roles"]["realm"]}
    assert {"guilder-admin", "guilder-accountant"} <= roles


def test_keycloak_is_a_profile_beside_the_development_installation() -> None:
    found = yaml.safe_load((ROOT / "deploy/keycloak/compose.yaml").read_text())["services"]

    assert found["keycloak"]["profiles"] == ["sso"]
    assert found["keycloak"]["network_mode"] == "service:web"
    assert found["web"]["environment"]["GUILDER_OUTBOUND_ALLOW"] == "127.0.0.1:8080"
