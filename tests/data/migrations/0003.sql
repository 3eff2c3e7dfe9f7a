-- A card in the lane, one held by the gate and one by people, with what people said and the steps they took.
INSERT INTO concession (id, framework, question, author, title, body, html, in_return, verifier, deadline, receivers, category, points, sources, language, state, version, sample, created_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000073', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000041', '0199f0a2-0000-7000-8000-000000000002', 'На перевірці', 'Слова.', '<p>Слова.</p>', NULL, 'МАГАТЕ', NULL, '[]', NULL, '[]', '[]', 'uk', 'provisional', 1, FALSE, 1764000000702),
    ('0199f0a2-0000-7000-8000-000000000074', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000041', '0199f0a2-0000-7000-8000-000000000002', 'Затримано', 'Ёлки.', '<p>Ёлки.</p>', NULL, 'ООН', NULL, '[]', NULL, '[]', '[]', 'ru', 'held', 2, FALSE, 1764000000703);
INSERT INTO scope_hold (concession, framework, held_by, held_at, queued_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000074', '0199f0a2-0000-7000-8000-000000000021', 'stop', 1764000000703, NULL),
    ('0199f0a2-0000-7000-8000-000000000072', '0199f0a2-0000-7000-8000-000000000021', 'people', 1764000000704, 1764000000704);
INSERT INTO scope_opinion (concession, version, account, camp, territorial, cleared, at) VALUES
    ('0199f0a2-0000-7000-8000-000000000073', 1, '0199f0a2-0000-7000-8000-000000000001', 'kyiv', FALSE, FALSE, 1764000000705),
    ('0199f0a2-0000-7000-8000-000000000071', 2, '0199f0a2-0000-7000-8000-000000000003', 'moscow', TRUE, TRUE, 1764000000706);
INSERT INTO scope_step (id, framework, concession, version, step, camp, at) VALUES
    ('0199f0a2-0000-7000-8000-0000000000c1', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000073', 1, 'proposed', 'kyiv', 1764000000702),
    ('0199f0a2-0000-7000-8000-0000000000c2', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000073', 1, 'provisional', NULL, 1764000000702),
    ('0199f0a2-0000-7000-8000-0000000000c3', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000074', 1, 'proposed', NULL, 1764000000703),
    ('0199f0a2-0000-7000-8000-0000000000c4', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000074', 1, 'stop', NULL, 1764000000703);
INSERT INTO decision (id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, at) VALUES
    ('0199f0a2-0000-7000-8000-0000000000af', '0199f0a2-0000-7000-8000-000000000021', 'concession', '0199f0a2-0000-7000-8000-000000000072', 'hold', 'R8', 'Позначено.', NULL, '0199f0a2-0000-7000-8000-000000000001', TRUE, '0199f0a2-0000-7000-8000-000000000003', 1764000000704);
