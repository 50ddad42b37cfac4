"""What always holds of webhooks, as SQL that finds what breaks it (organization, row, fault)."""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-E3",
        "Every delivery that waits is in the queue, and nothing else is; what ended has its end",
        """
        SELECT d.organization_id, d.id, 'it waits, and no worker will look for it' AS fault
        FROM webhooks_delivery d
        WHERE d.state = 'waiting' AND NOT EXISTS (
          SELECT FROM webhooks_pending p WHERE p.delivery_id = d.id)
        UNION ALL
        SELECT d.organization_id, d.id, 'it has ended, and workers still look for it'
        FROM webhooks_delivery d
        JOIN webhooks_pending p ON p.delivery_id = d.id
        WHERE d.state <> 'waiting'
        UNION ALL
        SELECT d.organization_id, d.id, 'it counts other attempts than were made'
        FROM webhooks_delivery d
        WHERE d.attempts <> (SELECT count(*) FROM webhooks_attempt a
          WHERE a.organization_id = d.organization_id AND a.delivery_id = d.id)
        """,
    ),
)
