"""What may be an endpoint, and what may not."""

import pytest

from guilder.kernel.errors import Invalid
from guilder.office.webhooks.reading import read_endpoint


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hooks",
        "https://user:word@example.org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://169.254.169.254/latest/",
        "https://localhost/",
        "https://db.internal/",
        "https://example.org:8443/",
        "https://example.org/#part",
        "ftp://example.org/",
        "https://example.org/a b",
        "https://exämple.org/",
        "https://example.org:port/",
        "example.org",
        "",
    ],
)
def test_an_address_that_may_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as found:
        read_endpoint({"url": url})

    assert [one.pointer for one in found.value.problems] == ["/url"]


def test_a_public_address_is_taken_and_named_by_its_host() -> None:
    found = read_endpoint({"url": "https://example.org/hooks?x=1"})

    assert (found.name, found.types, found.is_active) == ("example.org", [], True)


def test_what_the_operator_opened_may_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "erp.internal:8080, 10.1.2.0/24")

    assert read_endpoint({"url": "http://erp.internal:8080/x"}).url
    assert read_endpoint({"url": "http://10.1.2.9/x"}).url
    with pytest.raises(Invalid):
        read_endpoint({"url": "http://10.1.3.9/x"})


def test_every_fault_is_told(db: object) -> None:
    with pytest.raises(Invalid) as found:
        read_endpoint(
            {"url": "x", "types": ["invoice.issued", "no.such"], "api_version": "1999-01-01",
             "colour": "red"}
        )  # fmt: skip

    assert {one.pointer for one in found.value.problems} == {
        "/url", "/types", "/api_version", "/colour",
    }  # fmt: skip


def test_types_are_each_once_and_a_star_is_all() -> None:
    url = "https://example.org/"

    assert read_endpoint({"url": url, "types": ["invoice.*", "invoice.*"]}).types == ["invoice.*"]
    assert read_endpoint({"url": url, "types": ["*", "invoice.issued"]}).types == []
