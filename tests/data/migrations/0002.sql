-- Threads hidden by a version that remembers what they go back to.
INSERT INTO thread (id, framework, point, concession, title, state, version, author, comments, last_at, created_at, restores_to) VALUES
    ('0199f0a2-0000-7000-8000-000000000056', '0199f0a2-0000-7000-8000-000000000021', 1, NULL, 'Схована відкритою', 'hidden', 2, '0199f0a2-0000-7000-8000-000000000001', 0, 1764000002000, 1764000002000, 'open'),
    ('0199f0a2-0000-7000-8000-000000000057', '0199f0a2-0000-7000-8000-000000000021', 1, NULL, 'Скрыта закрытой', 'hidden', 3, '0199f0a2-0000-7000-8000-000000000002', 0, 1764000002001, 1764000002001, 'locked');
