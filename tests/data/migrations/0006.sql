-- A card that was edited twice, once in its punctuation alone, and one that was united with it; translations in every state.
INSERT INTO concession (id, framework, question, author, title, body, html, in_return, verifier, deadline, receivers, category, points, sources, language, state, version, sample, created_at, material, edited_at, merged_into) VALUES
    ('0199f0a2-0000-7000-8000-000000000076', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000041', '0199f0a2-0000-7000-8000-000000000001', 'Списки полонених', 'Повні списки.', '<p>Повні списки.</p>',
     NULL, 'Червоний Хрест', NULL, '[]', NULL, '[]', '[]', 'uk', 'ranked', 3, FALSE, 1764000002000, 2, 1764000002003, NULL),
    ('0199f0a2-0000-7000-8000-000000000077', '0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000041', '0199f0a2-0000-7000-8000-000000000002', 'Полные списки пленных', 'Списки.', '<p>Списки.</p>',
     NULL, 'Красный Крест', NULL, '[]', NULL, '[]', '[]', 'ru', 'merged', 1, FALSE, 1764000002001, 1, NULL, '0199f0a2-0000-7000-8000-000000000076');
INSERT INTO concession_version (concession, version, title, body, html, in_return, verifier, deadline, at) VALUES
    ('0199f0a2-0000-7000-8000-000000000076', 1, 'Списки', 'Списки.', '<p>Списки.</p>', 'Те саме', 'Хтось', 'до травня', 1764000002000),
    ('0199f0a2-0000-7000-8000-000000000076', 2, 'Списки полонених', 'Повні списки', '<p>Повні списки</p>', NULL, 'Червоний Хрест', NULL, 1764000002002);
INSERT INTO translation (id, concession, language, version, title, body, html, in_return, verifier, deadline, author, state, reviewer, at) VALUES
    ('0199f0a2-0000-7000-8000-0000000000c1', '0199f0a2-0000-7000-8000-000000000076', 'en', 3, 'Lists of prisoners', 'Full lists.', '<p>Full lists.</p>', NULL, 'The Red Cross', NULL, '0199f0a2-0000-7000-8000-000000000002', 'reviewed', '0199f0a2-0000-7000-8000-000000000001', 1764000002004),
    ('0199f0a2-0000-7000-8000-0000000000c2', '0199f0a2-0000-7000-8000-000000000076', 'ru', 1, 'Списки', 'Списки.', '<p>Списки.</p>', 'То же', NULL, 'до мая', '0199f0a2-0000-7000-8000-000000000003', 'proposed', NULL, 1764000002001),
    ('0199f0a2-0000-7000-8000-0000000000c3', '0199f0a2-0000-7000-8000-000000000076', 'ru', 3, 'Списки', 'Списки!', '<p>Списки!</p>', NULL, NULL, NULL, '0199f0a2-0000-7000-8000-000000000002', 'withdrawn', '0199f0a2-0000-7000-8000-000000000002', 1764000002005);
INSERT INTO decision (id, framework, kind, object, action, rule, facts, until, moderator, addressee, at, target) VALUES
    ('0199f0a2-0000-7000-8000-0000000000aa', '0199f0a2-0000-7000-8000-000000000021', 'concession', '0199f0a2-0000-7000-8000-000000000077', 'merge', 'R7', 'Те саме іншими словами.', NULL, '0199f0a2-0000-7000-8000-000000000001', '0199f0a2-0000-7000-8000-000000000002', 1764000002006, '0199f0a2-0000-7000-8000-000000000076');
