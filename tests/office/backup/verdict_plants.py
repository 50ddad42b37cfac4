"""Breaches of what always holds of kept verdicts."""

from uuid import uuid4

from tests.office.backup.planting import Connection, Planted, Scene, breaks

KEEP = """
    INSERT INTO exchange_judgement (organization_id, id, subject_id, format, sha256, scenario,
      is_valid, packs, missing, fired, judged_at)
    VALUES (%s, %s, %s, 'ubl', repeat('a', 64), 'en16931-ubl', %s, '["en16931-ubl 1.3.16"]', '[]',
      %s, now())
"""
FATAL = '[{"rule": "BR-16", "severity": "fatal", "pack": "en16931-ubl 1.3.16"}]'
STRAY = '[{"rule": "BR-DE-21", "severity": "warning", "pack": "xrechnung 2.6.0"}]'


@breaks("INV-X1")
def a_refusal_is_kept_as_valid(connection: Connection, scene: Scene) -> Planted:
    verdict = uuid4()
    connection.execute(KEEP, [scene.organization, verdict, uuid4(), True, FATAL])
    return {verdict}


@breaks("INV-X1")
def a_refusal_has_lost_its_rules(connection: Connection, scene: Scene) -> Planted:
    verdict = uuid4()
    connection.execute(KEEP, [scene.organization, verdict, uuid4(), False, "[]"])
    return {verdict}


@breaks("INV-X1")
def a_rule_is_of_no_pack_that_judged(connection: Connection, scene: Scene) -> Planted:
    verdict = uuid4()
    connection.execute(KEEP, [scene.organization, verdict, uuid4(), True, STRAY])
    return {verdict}
