-- A limited moderator with an alias, one who was removed, links of both kinds, and changes of rights.
UPDATE membership SET remit = '{"points":[1],"languages":["uk","und"]}', appointed_at = 1764000013000
    WHERE framework = '0199f0a2-0000-7000-8000-000000000021' AND account = '0199f0a2-0000-7000-8000-000000000003';
INSERT INTO membership (framework, account, joined, camp, role, camp_changed_at, remit, alias, appointed_at) VALUES
    ('0199f0a2-0000-7000-8000-000000000022', '0199f0a2-0000-7000-8000-000000000001', FALSE, NULL, 'owner', 0, NULL, 1, 1764000013001),
    ('0199f0a2-0000-7000-8000-000000000022', '0199f0a2-0000-7000-8000-000000000002', TRUE, NULL, 'participant', 0, NULL, 2, NULL);
UPDATE framework SET last_alias = 2 WHERE id = '0199f0a2-0000-7000-8000-000000000022';
INSERT INTO appointment (id, framework, alias, was, role, at) VALUES
    ('0199f0a2-0000-7000-8000-0000000000d1', '0199f0a2-0000-7000-8000-000000000022', 1, 'member', 'owner', 1764000013001),
    ('0199f0a2-0000-7000-8000-0000000000d2', '0199f0a2-0000-7000-8000-000000000022', 2, 'moderator', 'participant', 1764000013002);
INSERT INTO invitation (id, framework, hash, role, camp, remit, uses, used, registered, created_by, created_at, expires_at, revoked_at) VALUES
    ('0199f0a2-0000-7000-8000-0000000000d3', '0199f0a2-0000-7000-8000-000000000021', 'invited-1', 'moderator', 'kyiv', '{"points":[1],"languages":null}', 1, 0, 0, '0199f0a2-0000-7000-8000-000000000001', 1764000013003, 4102444800000, NULL),
    ('0199f0a2-0000-7000-8000-0000000000d4', '0199f0a2-0000-7000-8000-000000000021', 'invited-2', 'participant', NULL, NULL, 30, 3, 2, '0199f0a2-0000-7000-8000-000000000001', 1764000013004, 1764003600000, 1764000014000);
INSERT INTO rights_change (subject, at) VALUES ('account/0199f0a2-0000-7000-8000-000000000003', 1764000013000), ('framework/0199f0a2-0000-7000-8000-000000000022', 1764000013005);
