-- A question closed by a version with rounds, one that the clock will close, and what came out of two rounds.
INSERT INTO question (id, framework, key, giver, point, prompt, state, round, reveal, ballot_seq, opened_at, closes_at, closed_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000043', '0199f0a2-0000-7000-8000-000000000021', 'closed-round', 'ukraine', 1, '{"en":"Closed?","uk":"Закрито?","ru":"Закрыто?"}', 'closed', 2, 'live', 7, 1764000003000, NULL, 1764000004000),
    ('0199f0a2-0000-7000-8000-000000000044', '0199f0a2-0000-7000-8000-000000000021', 'timed', 'ukraine', 1, '{"en":"Until when?","uk":"Доки?","ru":"До каких пор?"}', 'open', 1, 'at_close', 0, NULL, 4102444800000, NULL);
INSERT INTO round_result (question, round, opened_at, closed_at, ballots, root, leaves, result) VALUES
    ('0199f0a2-0000-7000-8000-000000000043', 1, NULL, 1764000002900, 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '', '{"rules":{"z":1.2816,"floor":5,"enough":8,"badge":0.5},"camps":[],"cards":[],"results":{"voters":{},"ranked":[],"waiting":[]}}'),
    ('0199f0a2-0000-7000-8000-000000000043', 2, 1764000003000, 1764000004000, 1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', '{"rules":{"z":1.2816,"floor":5,"enough":8,"badge":0.5},"camps":[{"key":"kyiv","name":{"en":"Kyiv","uk":"Київ","ru":"Киев"},"in_score":true}],"cards":[{"id":"0199f0a2-0000-7000-8000-000000000071","version":2,"title":"Обмін дітьми","language":"uk"}],"results":{"voters":{},"ranked":[],"waiting":[]}}');
INSERT INTO auditor (framework, account, appointed_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000021', '0199f0a2-0000-7000-8000-000000000001', 1764000004100),
    ('0199f0a2-0000-7000-8000-000000000022', '0199f0a2-0000-7000-8000-000000000002', 1764000004101);
