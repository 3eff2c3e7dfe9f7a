-- Seats with and without a viewpoint.
INSERT INTO seat (question, round, account, camp, weight) VALUES
    ('0199f0a2-0000-7000-8000-000000000041', 7, '0199f0a2-0000-7000-8000-000000000001', 'kyiv', 1000),
    ('0199f0a2-0000-7000-8000-000000000041', 7, '0199f0a2-0000-7000-8000-000000000002', NULL, 200);
