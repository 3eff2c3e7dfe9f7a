-- Roles. `remit` limits what a moderator decides about: JSON, null is no limit. `alias` is the number by which the public log
-- names whoever has or had a role, never given twice: `last_alias` counts up under the framework's lock.
ALTER TABLE membership ADD COLUMN remit TEXT;
ALTER TABLE membership ADD COLUMN alias BIGINT;
ALTER TABLE membership ADD COLUMN appointed_at BIGINT;
ALTER TABLE framework ADD COLUMN last_alias BIGINT NOT NULL DEFAULT 0;
UPDATE membership SET alias = (SELECT COUNT(*) FROM membership m
    WHERE m.framework = membership.framework AND m.role IN ('moderator', 'mediator', 'owner') AND m.account <= membership.account)
    WHERE role IN ('moderator', 'mediator', 'owner');
UPDATE framework SET last_alias = (SELECT COUNT(*) FROM membership m WHERE m.framework = framework.id AND m.alias IS NOT NULL);
CREATE UNIQUE INDEX membership_alias ON membership (framework, alias);

-- Who was appointed and removed, by alias: append only.
CREATE TABLE appointment (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    alias BIGINT NOT NULL,
    was TEXT NOT NULL,
    role TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX appointment_framework ON appointment (framework, at, id);

-- Links that give a role or let somebody take part. Who used one is not kept: a link may suggest a viewpoint.
CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    camp TEXT,
    remit TEXT,
    uses BIGINT NOT NULL,
    used BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    created_by TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX invitation_framework ON invitation (framework, created_at, id);

-- When rights last changed, of an account or of everyone in a framework: nodes that missed the word find it here.
CREATE TABLE rights_change (
    subject TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
