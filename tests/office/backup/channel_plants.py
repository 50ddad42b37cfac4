"""Breaches of what always holds of transmissions."""

from uuid import UUID, uuid4

from tests.office.backup.planting import Connection, Planted, Scene, breaks

CHANNEL = (
    "INSERT INTO channels_channel (organization_id, id, name, transport, settings, key, is_active,"
    " receives, answers, problem, created_at, version)"
    " VALUES (%s, %s, %s, 'folder', '{}', %s, true, true, false, '', now(), 1)"
)
TRANSMISSION = (
    "INSERT INTO channels_transmission (organization_id, id, direction, content, channel_id,"
    " transport, document_number, number, address, format, filename, media_type, file_id, sha256,"
    " size, their_reference, state, attempts, steps, problem, created_at, sent_at, changed_at)"
    " SELECT %(of)s, %(id)s, 'out', 'document', %(channel)s, 'folder', '', %(id)s::text, '', '',"
    " '', '', f.id, CASE WHEN f.id IS NULL THEN '' ELSE %(hash)s END, 0, '', 'delivered', 1, 1, '',"
    " now(), now(), now() FROM (SELECT 1) x LEFT JOIN LATERAL (SELECT id FROM files_storedfile"
    " WHERE organization_id = %(of)s AND %(has_file)s AND sha256 = repeat('c', 64) LIMIT 1) f ON true"
)
FILE = (
    "INSERT INTO files_storedfile (organization_id, id, sha256, size, filename, media_type)"
    " VALUES (%s, gen_random_uuid(), repeat('c', 64), 1, %s, 'application/xml')"
)
STEP = (
    "INSERT INTO channels_status (organization_id, id, transmission_id, step, at, state, code,"
    " detail, actor_name) VALUES (%s, gen_random_uuid(), %s, 1, now(), %s, '', '', '')"
)


def travelled(
    connection: Connection, scene: Scene, *, has_file: bool, digest: str = "c" * 64, told: str
) -> UUID:
    """A transmission that arrived."""
    channel, made = uuid4(), uuid4()
    connection.execute(CHANNEL, [scene.organization, channel, channel.hex, channel.hex])
    connection.execute(FILE, [scene.organization, f"{made.hex}.xml"])
    values = {"of": scene.organization, "id": made, "channel": channel, "has_file": has_file}
    connection.execute(TRANSMISSION, {**values, "hash": digest})
    connection.execute(STEP, [scene.organization, made, told])
    return made


@breaks("INV-J1")
def what_travelled_is_not_kept(connection: Connection, scene: Scene) -> Planted:
    return {travelled(connection, scene, has_file=False, told="delivered")}


@breaks("INV-J1")
def other_bytes_are_kept_than_travelled(connection: Connection, scene: Scene) -> Planted:
    made = travelled(connection, scene, has_file=True, digest="d" * 64, told="delivered")
    return {made}


@breaks("INV-J1")
def its_history_says_otherwise(connection: Connection, scene: Scene) -> Planted:
    return {travelled(connection, scene, has_file=False, told="failed")}
