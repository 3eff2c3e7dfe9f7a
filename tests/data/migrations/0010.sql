-- Two people who asked to be erased, and whose erasure was cut short.
INSERT INTO erasure (account, posts, asked_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000001', 'keep', 1764000003000), ('0199f0a2-0000-7000-8000-000000000002', 'erase', 1764000003001);
