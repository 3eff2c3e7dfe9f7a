-- Two found a translation true, one of them without a viewpoint.
INSERT INTO translation_review (translation, account, camp, at) VALUES
    ('0199f0a2-0000-7000-8000-0000000000c1', '0199f0a2-0000-7000-8000-000000000002', 'kyiv', 1764000007000),
    ('0199f0a2-0000-7000-8000-0000000000c1', '0199f0a2-0000-7000-8000-000000000003', NULL, 1764000007001);
