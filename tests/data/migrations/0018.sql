-- Names as they are written, one that an older version wrote.
UPDATE account SET written = 'olena', name_written = 'oлenaпчiлкa' WHERE id = '0199f0a2-0000-7000-8000-000000000002';
UPDATE account SET written = NULL, name_written = NULL WHERE id = '0199f0a2-0000-7000-8000-000000000003';
