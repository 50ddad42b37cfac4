"""What always holds of money that suppliers were paid, as SQL that finds what breaks it."""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-S6",
        "All that a supplier was paid is applied to bills of that supplier in its currency, and the"
        " columns of bills say how much",
        """
        SELECT d.organization_id, d.id, 'what is applied is not what was paid' AS fault
        FROM payments_disbursement d
        LEFT JOIN (SELECT organization_id, disbursement_id, sum(amount) AS amount
                   FROM payments_allocation WHERE is_active GROUP BY 1, 2) a
          ON a.organization_id = d.organization_id AND a.disbursement_id = d.id
        WHERE coalesce(a.amount, 0) <> CASE WHEN d.reversed_on IS NULL THEN d.amount ELSE 0 END
        UNION ALL
        SELECT b.organization_id, b.id, b.number
          || ': payments applied do not add up to its column'
        FROM bills_bill b
        LEFT JOIN (SELECT organization_id, bill_id, sum(amount) AS amount
                   FROM payments_allocation WHERE is_active GROUP BY 1, 2) a
          ON a.organization_id = b.organization_id AND a.bill_id = b.id
        WHERE b.allocated_amount <> coalesce(a.amount, 0)
        UNION ALL
        SELECT a.organization_id, a.id, 'a payment applied across suppliers or currencies'
        FROM payments_allocation a
        JOIN payments_disbursement d ON d.organization_id = a.organization_id
          AND d.id = a.disbursement_id
        JOIN bills_bill b ON b.organization_id = a.organization_id AND b.id = a.bill_id
        WHERE d.currency <> b.currency OR d.partner_id <> b.partner_id OR b.kind <> 'bill'
        """,
    ),
)
