-- Display names beside what they look like, one that an older version wrote, and tokens of two scopes, one of them unknown here.
UPDATE account SET display_name = 'Олена Пчілка', name_skeleton = 'oлeнaпчiлкa' WHERE id = '0199f0a2-0000-7000-8000-000000000002';
UPDATE account SET display_name = 'Тарас', name_skeleton = NULL WHERE id = '0199f0a2-0000-7000-8000-000000000003';
INSERT INTO session (id, account, hash, kind, name, recovered, created_at, expires_at, scope) VALUES
    ('0199f0a2-0000-7000-8000-0000000000e1', '0199f0a2-0000-7000-8000-000000000002', 'scoped-1', 'token', 'зведення', FALSE, 1764000015000, 4102444800000, 'read'),
    ('0199f0a2-0000-7000-8000-0000000000e2', '0199f0a2-0000-7000-8000-000000000002', 'scoped-2', 'token', 'later', FALSE, 1764000015001, NULL, 'archive');
