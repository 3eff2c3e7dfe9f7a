-- What waits for moderators: one row for each thing, kept in step with reports, notices, holds, the lane and appeals.
-- because: why it waits, as JSON. The claim names who looks at it now, until when.
CREATE TABLE queue_item (
    framework TEXT NOT NULL REFERENCES framework (id),
    object TEXT NOT NULL,
    kind TEXT NOT NULL,
    point BIGINT,
    language TEXT,
    score BIGINT NOT NULL,
    because TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    claimed_by TEXT REFERENCES account (id),
    claimed_until BIGINT,
    PRIMARY KEY (framework, object)
);
CREATE INDEX queue_item_order ON queue_item (framework, score DESC, opened_at, object);
CREATE INDEX comment_parent ON comment (parent);
CREATE INDEX report_object ON report (object, closed_by);
CREATE INDEX decision_object ON decision (object, at);

-- What had stood before, as JSON, so that a decision can be taken back exactly; null for decisions of earlier versions.
ALTER TABLE decision ADD COLUMN previous TEXT;
-- state: pending (waits for a second moderator), done, refused (the second did not agree), undone (by whom decided), overturned
-- (on appeal). revision counts its states, from 1.
ALTER TABLE decision ADD COLUMN state TEXT NOT NULL DEFAULT 'done';
ALTER TABLE decision ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE decision ADD COLUMN seconded_by TEXT REFERENCES account (id);
-- When it took effect, when it was taken back, and since when the thing had waited.
ALTER TABLE decision ADD COLUMN effective_at BIGINT;
ALTER TABLE decision ADD COLUMN ended_at BIGINT;
ALTER TABLE decision ADD COLUMN waited_since BIGINT;
-- Where a thread or a branch went, and the title it got there.
ALTER TABLE decision ADD COLUMN point BIGINT;
ALTER TABLE decision ADD COLUMN title TEXT;
-- For the counts of the public log: the language of the thing, and its author's viewpoint on that day.
ALTER TABLE decision ADD COLUMN language TEXT;
ALTER TABLE decision ADD COLUMN camp TEXT;
UPDATE decision SET effective_at = at;

-- state: open, upheld, reversed.
CREATE TABLE appeal (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    decision TEXT NOT NULL UNIQUE REFERENCES decision (id),
    account TEXT NOT NULL REFERENCES account (id),
    statement TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    decided_by TEXT REFERENCES account (id),
    decided_at BIGINT
);
CREATE INDEX appeal_framework ON appeal (framework, state, at);
-- Notices by people without an account. Whoever holds the code, kept as a hash, may ask what became of it.
CREATE TABLE public_notice (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    reason TEXT NOT NULL,
    statement TEXT NOT NULL,
    contact TEXT,
    code TEXT NOT NULL UNIQUE,
    closed_by TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX public_notice_object ON public_notice (object, closed_by);
-- Who among the moderators opened what.
CREATE TABLE item_access (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL
);
CREATE INDEX item_access_object ON item_access (object, at);
-- The ballots that a moderator's merging of two cards changed, as they were, so that it can be taken back. Only for open rounds.
CREATE TABLE united_ballot (
    decision TEXT NOT NULL,
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    version BIGINT NOT NULL,
    camp TEXT,
    acceptance TEXT NOT NULL,
    realism TEXT,
    unfreezes TEXT,
    dealt BOOLEAN NOT NULL,
    weight BIGINT NOT NULL,
    at BIGINT NOT NULL,
    moved BOOLEAN NOT NULL,
    tiers TEXT,
    tiers_after TEXT,
    PRIMARY KEY (decision, account)
);

-- What waited before this version.
INSERT INTO queue_item (framework, object, kind, point, language, score, because, opened_at)
    SELECT framework, object, MIN(kind), NULL, NULL, 0, '[]', MIN(at) FROM report WHERE closed_by IS NULL GROUP BY framework, object;
INSERT INTO queue_item (framework, object, kind, point, language, score, because, opened_at)
    SELECT framework, concession, 'concession', NULL, NULL, 0, '[]', queued_at FROM scope_hold
    WHERE queued_at IS NOT NULL AND concession NOT IN (SELECT object FROM queue_item);
INSERT INTO queue_item (framework, object, kind, point, language, score, because, opened_at)
    SELECT framework, id, 'concession', NULL, NULL, 0, '[]', created_at FROM concession
    WHERE state = 'provisional' AND id NOT IN (SELECT object FROM queue_item);
