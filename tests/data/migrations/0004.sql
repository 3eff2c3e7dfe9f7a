-- Deals with the camp they were made for, an answer that says what it would unfreeze, and answers to a question's point.
INSERT INTO deal (question, round, account, concession, expires_at, camp, weight) VALUES
    ('0199f0a2-0000-7000-8000-000000000041', 1, '0199f0a2-0000-7000-8000-000000000002', '0199f0a2-0000-7000-8000-000000000071', 4102444800002, NULL, 200),
    ('0199f0a2-0000-7000-8000-000000000041', 2, '0199f0a2-0000-7000-8000-000000000001', '0199f0a2-0000-7000-8000-000000000071', 4102444800003, 'kyiv', 1000);
INSERT INTO answer (question, round, account, concession, version, camp, acceptance, realism, dealt, weight, at, unfreezes) VALUES
    ('0199f0a2-0000-7000-8000-000000000041', 2, '0199f0a2-0000-7000-8000-000000000001', '0199f0a2-0000-7000-8000-000000000071', 2, 'kyiv', 'yes', NULL, TRUE, 1000, 1764000003000, 'yes'),
    ('0199f0a2-0000-7000-8000-000000000041', 2, '0199f0a2-0000-7000-8000-000000000003', '0199f0a2-0000-7000-8000-000000000071', 2, 'kyiv', 'no', NULL, TRUE, 200, 1764000003001, 'cannot_say');
INSERT INTO ballot (question, round, account, tiers, accepts, accepts_camp, accepts_weight) VALUES
    ('0199f0a2-0000-7000-8000-000000000041', 2, '0199f0a2-0000-7000-8000-000000000001', '[]', 'no', 'kyiv', 1000),
    ('0199f0a2-0000-7000-8000-000000000041', 2, '0199f0a2-0000-7000-8000-000000000002', '[]', 'cannot_say', NULL, 200),
    ('0199f0a2-0000-7000-8000-000000000041', 2, '0199f0a2-0000-7000-8000-000000000003', '[["0199f0a2-0000-7000-8000-000000000071"]]', NULL, NULL, NULL);
