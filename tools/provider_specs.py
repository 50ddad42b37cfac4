"""Collects the OpenAPI documents that payment services publish, for the tests that judge by them.

`python tools/provider_specs.py FOLDER` clones the public repositories into a temporary folder and
writes one JSON file a document into FOLDER; name that folder in GUILDER_PROVIDER_SPECS. Nothing of
it belongs in this repository. `--clone owner/name=PATH` takes a clone that is there already, and
`--take NAME=FILE` a document that is.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

# Name → (repository, path in it). GoCardless and Razorpay publish no such document.
DOCUMENTS = {
    "stripe": ("stripe/openapi", "openapi/spec3.json"),
    "adyen": ("Adyen/adyen-openapi", "json/CheckoutService-v71.json"),
    "adyen-notifications": ("Adyen/adyen-openapi", "json/Webhooks-v1.json"),
    "mollie": ("mollie/openapi", "specs.yaml"),
    "paystack": ("PaystackOSS/openapi", "dist/paystack.yaml"),
    "paypal-orders": ("paypal/paypal-rest-api-specifications", "openapi/checkout_orders_v2.json"),
    "paypal-vault": (
        "paypal/paypal-rest-api-specifications", "openapi/vault_payment_tokens_v3.json",
    ),
    "paypal-payments": (
        "paypal/paypal-rest-api-specifications", "openapi/payments_payment_v2.json",
    ),
    "paypal-disputes": (
        "paypal/paypal-rest-api-specifications", "openapi/customer_disputes_v1.json",
    ),
    "paypal-notifications": (
        "paypal/paypal-rest-api-specifications", "openapi/notifications_webhooks_v1.json",
    ),
}  # fmt: skip


class Texts(yaml.CSafeLoader):
    """Reads YAML and leaves dates as the text they are."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, fits) for tag, fits in rules if not tag.endswith(":timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: str, text: bytes) -> Any:
    """A document, in either way of writing one."""
    return json.loads(text) if path.endswith(".json") else yaml.load(text, Texts)


def cloned(repository: str, into: Path) -> Path:
    """A fresh clone of the newest state."""
    address = f"https://github.com/{repository}"
    target = into / repository.replace("/", "-")
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", address, str(target)], check=True)
    return target


def shown(clone: Path, path: str) -> bytes:
    """A file as it stands in the newest commit of a clone."""
    done = subprocess.run(
        ["git", "-C", str(clone), "show", f"HEAD:{path}"], check=True, capture_output=True
    )
    return done.stdout


def pairs(given: list[str]) -> dict[str, str]:
    """NAME=PATH as a mapping."""
    return dict(one.split("=", 1) for one in given)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clone", action="append", default=[], metavar="OWNER/NAME=PATH")
    parser.add_argument("--take", action="append", default=[], metavar="NAME=FILE")
    chosen = parser.parse_args()
    clones = {name: Path(path) for name, path in pairs(chosen.clone).items()}
    taken = pairs(chosen.take)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, (repository, path) in DOCUMENTS.items():
            if name in taken:
                found = read(taken[name], Path(taken[name]).read_bytes())
            else:
                if repository not in clones:
                    clones[repository] = cloned(repository, Path(scratch))
                found = read(path, shown(clones[repository], path))
            (chosen.folder / f"{name}.json").write_text(json.dumps(found))
            print(f"{name}: {found['info']['title']} {found['info']['version']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
