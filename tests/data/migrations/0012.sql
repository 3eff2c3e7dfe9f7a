-- A framework with settings, one comment that waits and one that was hidden unseen.
UPDATE framework SET pace = '{"version":2,"slow_seconds":60,"slow_points":[],"paused_points":[4],"first_posts":1,"raid":null,"quiet":null,"words":[{"words":["ґвалт*"],"effect":"hold","why":"Чому ні"}],"links":[]}' WHERE id = '0199f0a2-0000-7000-8000-000000000021';
INSERT INTO comment_hold (comment, framework, held_by, matched, wave, earlier, unseen, held_at, ended_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000062', '0199f0a2-0000-7000-8000-000000000021', 'words', '{"word":"ґвалт*","why":"Чому ні"}', NULL, '[]', FALSE, 1764000000700, NULL),
    ('0199f0a2-0000-7000-8000-000000000063', '0199f0a2-0000-7000-8000-000000000021', 'wave', NULL, '0199f0a2-0000-7000-8000-000000000063', '["0199f0a2-0000-7000-8000-000000000061"]', TRUE, 1764000000501, 1764000000900);
