-- A change without its account, and checkpoints of two streams.
INSERT INTO change (framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt, form) VALUES
    ('0199f0a2-0000-7000-8000-000000000021', 'public', 5, 'comment_changed', '0199f0a2-0000-7000-8000-000000000061', 4, NULL, 1764000005000, '0199f0a2-0000-7000-8000-0000000000b9', 'digest-6', 'chain-5', NULL, 2);
INSERT INTO checkpoint (framework, stream, epoch, seq, hash, at, key, signature) VALUES
    ('0199f0a2-0000-7000-8000-000000000021', 'public', 'epoch-one', 5, 'chain-5', 1764000006000, 'key-one', 'signature-one'),
    ('0199f0a2-0000-7000-8000-000000000021', 'moderators', 'epoch-one', 1, 'chain-m', 1764000006001, 'key-one', 'signature-two');
