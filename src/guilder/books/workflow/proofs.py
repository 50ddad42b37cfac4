"""What always holds of approvals, as SQL that finds what breaks it."""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-A1",
        "Nobody approved what they made or asked for themselves, and every answer has its day",
        """
        SELECT organization_id, id, 'approved by who made it or asked for it' AS fault
        FROM workflow_approval
        WHERE state = 'approved' AND (decided_by_id IS NULL OR decided_by_id = requested_by_id
          OR decided_by_id = made_by_id)
        UNION ALL
        SELECT organization_id, id, 'answered without a day, or a day without an answer'
        FROM workflow_approval WHERE (state = 'pending') <> (decided_at IS NULL)
        """,
    ),
)
