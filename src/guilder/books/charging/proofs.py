"""What always holds of charges, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-P4",
        "Each charge that succeeded is one payment of its amount, client and currency, and what it"
        " cost is booked once",
        """
        SELECT c.organization_id, c.id, 'its payment is not of its amount, client and currency'
          AS fault
        FROM charging_charge c
        LEFT JOIN payments_payment p
          ON p.organization_id = c.organization_id AND p.id = c.payment_id
        WHERE c.state = 'succeeded' AND (p.id IS NULL OR p.amount <> c.amount
          OR p.currency <> c.currency OR p.partner_id <> c.partner_id)
        UNION ALL
        SELECT c.organization_id, c.id, 'what it cost is not booked once'
        FROM charging_charge c
        LEFT JOIN (SELECT organization_id, source_id, count(*) AS entries FROM ledger_entry
                   WHERE source = 'charge.fee' GROUP BY 1, 2) e
          ON e.organization_id = c.organization_id AND e.source_id = c.id
        WHERE coalesce(e.entries, 0)
          <> CASE WHEN c.state = 'succeeded' AND c.fee > 0 THEN 1 ELSE 0 END
        UNION ALL
        SELECT s.organization_id, s.charge_id, 'its shares do not add up to it'
        FROM charging_chargeshare s
        JOIN charging_charge c ON c.organization_id = s.organization_id AND c.id = s.charge_id
        GROUP BY s.organization_id, s.charge_id, c.amount HAVING sum(s.amount) <> c.amount
        """,
    ),
    (
        "INV-P9",
        "Of each charge no more is given back than was charged, each time with its refund, and"
        " lost chargebacks are booked",
        """
        SELECT c.organization_id, c.id, 'more was given back than was charged' AS fault
        FROM charging_charge c
        JOIN charging_givenback b ON b.organization_id = c.organization_id AND b.charge_id = c.id
        WHERE b.state <> 'failed'
        GROUP BY c.organization_id, c.id, c.amount HAVING sum(b.amount) > c.amount
        UNION ALL
        SELECT b.organization_id, b.id, 'its refund is not of its amount, payment or state'
        FROM charging_givenback b
        JOIN charging_charge c ON c.organization_id = b.organization_id AND c.id = b.charge_id
        JOIN payments_refund r ON r.organization_id = b.organization_id AND r.id = b.refund_id
        WHERE r.amount > b.amount OR (b.is_ours AND r.amount <> b.amount)
          OR r.payment_id IS DISTINCT FROM c.payment_id
          OR (b.state = 'failed' AND r.status = 'paid')
        UNION ALL
        SELECT d.organization_id, d.id, 'a lost chargeback that is not booked'
        FROM charging_chargeback d
        JOIN charging_charge c ON c.organization_id = d.organization_id AND c.id = d.charge_id
        JOIN payments_payment p ON p.organization_id = c.organization_id AND p.id = c.payment_id
        WHERE d.stage = 'lost' AND d.refund_id IS NULL AND p.reversed_on IS NULL
          AND p.amount > (SELECT coalesce(sum(r.amount), 0) FROM payments_refund r
            WHERE r.organization_id = p.organization_id AND r.payment_id = p.id
              AND r.status = 'paid')
        """,
    ),
)
