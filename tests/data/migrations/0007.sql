-- Changes whose salt stands with them, and one whose salt was taken away.
INSERT INTO change (framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt) VALUES
    ('0199f0a2-0000-7000-8000-000000000021', 'public', 3, 'comment_changed', '0199f0a2-0000-7000-8000-000000000061', 2, '0199f0a2-0000-7000-8000-000000000001', 1764000003000, '0199f0a2-0000-7000-8000-0000000000b7', 'digest-4', 'chain-3', 'salt-3'),
    ('0199f0a2-0000-7000-8000-000000000021', 'public', 4, 'comment_changed', '0199f0a2-0000-7000-8000-000000000061', 3, '0199f0a2-0000-7000-8000-000000000001', 1764000003001, '0199f0a2-0000-7000-8000-0000000000b8', 'digest-5', 'chain-4', NULL);
