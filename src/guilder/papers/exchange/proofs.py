"""What always holds of kept verdicts, as SQL that finds what breaks it."""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-X1",
        "Each kept verdict is what its rules say, and names the packs that gave it",
        """
        SELECT j.organization_id, j.id, 'its verdict is not what its rules say' AS fault
        FROM exchange_judgement j
        WHERE j.is_valid IS NOT NULL AND j.is_valid = EXISTS (
          SELECT FROM jsonb_array_elements(j.fired) f
          WHERE f ->> 'severity' IN ('fatal', 'error'))
        UNION ALL
        SELECT j.organization_id, j.id, 'a rule fired that no pack of it has'
        FROM exchange_judgement j
        WHERE EXISTS (
          SELECT FROM jsonb_array_elements(j.fired) f
          WHERE f ->> 'pack' <> '' AND NOT j.packs @> jsonb_build_array(f ->> 'pack'))
        """,
    ),
)
