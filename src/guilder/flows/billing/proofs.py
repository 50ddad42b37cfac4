"""What always holds of recurring invoices, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-P5",
        "Each period of a recurring invoice up to the next one is invoiced once or was passed over,"
        " none twice, and periods neither overlap nor leave a hole",
        """
        WITH runs AS (
          SELECT organization_id, recurring_id, count(*) AS periods, count(invoice_id) AS invoiced,
            max(index) + 1 AS reached
          FROM billing_recurringrun GROUP BY 1, 2
        )
        SELECT r.organization_id, r.id, 'periods reached, made and counted differ' AS fault
        FROM billing_recurringinvoice r
        LEFT JOIN runs x ON x.organization_id = r.organization_id AND x.recurring_id = r.id
        WHERE r.next_index <> coalesce(x.periods, 0) OR r.next_index <> coalesce(x.reached, 0)
          OR r.made_count <> coalesce(x.invoiced, 0)
        UNION ALL
        SELECT a.organization_id, a.id, 'its period does not follow the one before'
        FROM billing_recurringrun a
        JOIN billing_recurringrun b ON b.organization_id = a.organization_id
          AND b.recurring_id = a.recurring_id AND b.index = a.index - 1
        WHERE a.period_start_on <> b.period_end_on + 1
        UNION ALL
        SELECT a.organization_id, min(a.id::text)::uuid, 'one invoice stands for several periods'
        FROM billing_recurringrun a WHERE a.invoice_id IS NOT NULL
        GROUP BY a.organization_id, a.invoice_id HAVING count(*) > 1
        """,
    ),
)
