-- One second factor that is asked for, and one that was set up and never confirmed.
INSERT INTO second_factor (account, secret, confirmed_at, last_step) VALUES
    ('0199f0a2-0000-7000-8000-000000000001', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1764000004000, 58800000),
    ('0199f0a2-0000-7000-8000-000000000002', 'KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TF', NULL, 0);
