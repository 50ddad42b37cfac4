"""Planted faults and what is right beside them: each rule must see the first and not the second."""
# ruff: noqa
# pyright: basic

import hashlib
import logging
import os
import random
import ssl
import subprocess

# ruleid: outside-past-the-guard
import requests

# ruleid: outside-past-the-guard
from urllib.request import urlopen

# ruleid: objects-from-bytes
import pickle

import jwt

log = logging.getLogger()


def lists(request, cursor, rows, call):
    name = request.GET["name"]
    # ruleid: sql-from-a-caller
    cursor.execute(f"SELECT * FROM t WHERE name = '{name}'")
    # ruleid: sql-from-a-caller
    cursor.execute("SELECT * FROM t ORDER BY " + call.body["sort"])
    # ok: sql-from-a-caller
    cursor.execute("SELECT * FROM t WHERE name = %s", [name])
    # ruleid: names-of-a-query-from-a-caller
    rows.filter(**call.body)
    # ruleid: names-of-a-query-from-a-caller
    rows.order_by(request.GET["sort"])
    # ok: names-of-a-query-from-a-caller
    rows.order_by(SORTS[request.GET["sort"]])
    # ok: names-of-a-query-from-a-caller
    rows.filter(name=name)


def shown(text, request):
    # ruleid: text-marked-safe
    made = mark_safe(text)
    # ruleid: text-marked-safe
    other = format_html(f"<b>{text}</b>")
    # ok: text-marked-safe
    third = format_html("<b>{}</b>", text)
    # ruleid: fault-that-tells
    return HttpResponse(str(text), status=500)


def sent(by, row):
    with transaction(by.organization_id):
        row.save()
        # ruleid: outside-inside-a-transaction
        outbound.post(row.url)
    # ok: outside-inside-a-transaction
    outbound.post(row.url)


def run(text):
    # ruleid: text-that-runs
    eval(text)
    # ruleid: text-that-runs
    os.system(text)
    # ruleid: text-that-runs
    subprocess.run(text, shell=True)
    # ok: text-that-runs
    subprocess.run(["ls", text])
    # ruleid: objects-from-bytes
    yaml.load(text)


# ruleid: form-without-its-token
@csrf_exempt
def take(request):
    # ruleid: away-where-a-caller-says
    return redirect(request.GET["next"])


def back(request):
    # ok: away-where-a-caller-says
    return redirect(ours(request.GET["next"]))


def kept(request):
    # ruleid: file-where-a-caller-says
    return open(request.GET["file"])


def joined(client, context):
    # ruleid: connection-without-proof
    client.get("https://a.example", verify=False)
    # ruleid: connection-without-proof
    context.check_hostname = False
    # ruleid: connection-without-proof
    ssl._create_unverified_context()


def marks(data, token, key):
    # ruleid: hash-that-is-broken
    hashlib.md5(data)
    # ok: hash-that-is-broken
    hashlib.sha1(data, usedforsecurity=False)
    # ok: hash-that-is-broken
    hashlib.sha256(data)
    # ruleid: token-that-is-not-judged
    jwt.decode(token, key)
    # ok: token-that-is-not-judged
    jwt.decode(token, key, algorithms=["HS256"])
    # ruleid: chance-that-can-be-guessed
    code = random.choice("0123456789")
    # ruleid: secret-in-the-log
    log.info("signed in with %s", token)
    # ok: secret-in-the-log
    log.info("signed in as %s", key)


def answered(answer):
    # ruleid: cookie-that-scripts-read
    answer.set_cookie("a", "b")
    # ok: cookie-that-scripts-read
    answer.set_cookie("a", "b", httponly=True)


def read(data):
    # ruleid: another-reader-of-xml
    return etree.fromstring(data)
