"""What always holds of transmissions, as SQL: (organization, row, fault) of what breaks it."""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-J1",
        "Every transmission has the exact bytes that travelled, and its state is the last of its"
        " history",
        """
        SELECT t.organization_id, t.id, 'it travelled, and its bytes are not kept' AS fault
        FROM channels_transmission t
        WHERE t.file_id IS NULL
          AND (t.direction = 'in' OR t.state IN ('sent', 'delivered', 'accepted', 'rejected'))
        UNION ALL
        SELECT t.organization_id, t.id, 'its hash is not that of its file'
        FROM channels_transmission t
        JOIN files_storedfile f ON f.organization_id = t.organization_id AND f.id = t.file_id
        WHERE f.sha256 <> t.sha256
        UNION ALL
        SELECT t.organization_id, t.id, 'its state is not the last of its history'
        FROM channels_transmission t
        WHERE t.state IS DISTINCT FROM (
          SELECT s.state FROM channels_status s
          WHERE s.organization_id = t.organization_id AND s.transmission_id = t.id
          ORDER BY s.step DESC LIMIT 1)
          OR t.steps <> (SELECT count(*) FROM channels_status s
          WHERE s.organization_id = t.organization_id AND s.transmission_id = t.id)
        """,
    ),
)
