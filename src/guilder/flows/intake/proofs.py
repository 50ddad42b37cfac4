"""What always holds of papers that came in, as SQL that finds what breaks it."""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-S7",
        "Each paper that came in has the bytes of its hash, and each bill that was made of one says"
        " so",
        """
        SELECT d.organization_id, d.id, d.filename || ': its file has other bytes' AS fault
        FROM intake_receiveddocument d
        LEFT JOIN files_storedfile f ON f.organization_id = d.organization_id AND f.id = d.file_id
        WHERE f.id IS NULL OR f.sha256 <> d.sha256 OR f.size <> d.size
        UNION ALL
        SELECT d.organization_id, d.id, d.filename || ': its bill has another paper'
        FROM intake_receiveddocument d
        JOIN bills_bill b ON b.organization_id = d.organization_id AND b.id = d.bill_id
        WHERE b.sha256 <> d.sha256 OR b.place <> d.place OR b.file_id <> d.file_id
        UNION ALL
        SELECT d.organization_id, d.id, d.filename || ': a verdict without its rules'
        FROM intake_receiveddocument d
        WHERE d.is_valid AND jsonb_array_length(coalesce(d.verdict -> 'packs', '[]'::jsonb)) = 0
        """,
    ),
)
