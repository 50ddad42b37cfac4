"""What always holds of billing records, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong).
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-V1",
        "Each Spanish billing record has the fingerprint of its fields, and names the one before",
        """
        SELECT r.organization_id, r.id, r.number || ': its fields have another fingerprint' AS fault
        FROM verifactu_record r
        WHERE r.fingerprint <> upper(encode(sha256(convert_to(
            'IDEmisorFactura=' || btrim(r.nif) || '&NumSerieFactura=' || btrim(r.number)
            || '&FechaExpedicionFactura=' || r.issued_on || '&TipoFactura=' || r.kind
            || '&CuotaTotal=' || r.tax || '&ImporteTotal=' || r.total || '&Huella=' || r.previous
            || '&FechaHoraHusoGenRegistro=' || r.generated, 'UTF8')), 'hex'))
          OR position('<sf:Huella>' || r.fingerprint || '</sf:Huella>' IN r.xml) = 0
        UNION ALL
        SELECT r.organization_id, r.id, r.number || ': the record before has another fingerprint'
        FROM verifactu_record r
        LEFT JOIN verifactu_record p
          ON p.organization_id = r.organization_id AND p.position = r.position - 1
        WHERE r.previous <> coalesce(p.fingerprint, '') OR (r.position > 1 AND p.id IS NULL)
        UNION ALL
        SELECT c.organization_id, c.id, 'the head of the chain is not its last record'
        FROM verifactu_chain c
        LEFT JOIN verifactu_record p
          ON p.organization_id = c.organization_id AND p.position = c.count
        WHERE c.fingerprint <> coalesce(p.fingerprint, '')
          OR EXISTS (SELECT FROM verifactu_record r WHERE r.organization_id = c.organization_id
                     AND r.position > c.count)
        """,
    ),
    (
        "INV-V2",
        "Each document issued while Spanish records are kept has one, or waits with a reason",
        """
        SELECT d.organization_id, d.invoice_id, d.number || ': it has no billing record' AS fault
        FROM invoicing_issueddocument d
        JOIN verifactu_chain c ON c.organization_id = d.organization_id
          AND c.is_on AND d.issued_at >= c.on_since
        JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
          AND i.kind IN ('invoice', 'credit_note', 'debit_note', 'deposit')
        WHERE NOT EXISTS (SELECT FROM verifactu_record r
                          WHERE r.organization_id = d.organization_id
                            AND r.invoice_id = d.invoice_id)
          AND NOT EXISTS (SELECT FROM verifactu_waiting w
                          WHERE w.organization_id = d.organization_id
                            AND w.invoice_id = d.invoice_id)
          AND NOT EXISTS (SELECT FROM events_pending e
                          WHERE e.organization_id = d.organization_id
                            AND e.subject_id = d.invoice_id AND e.parked_at IS NULL)
        """,
    ),
)
