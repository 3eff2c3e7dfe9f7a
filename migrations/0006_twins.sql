-- Cards that were united with another, their earlier texts, and translations by people.
-- `material` is the last version that changed what a card says: answers to an older one are asked for again.
ALTER TABLE concession ADD COLUMN material BIGINT NOT NULL DEFAULT 1;
ALTER TABLE concession ADD COLUMN edited_at BIGINT;
ALTER TABLE concession ADD COLUMN merged_into TEXT;
-- Nobody can say any more which earlier edits changed nothing: all of them count as changes.
UPDATE concession SET material = version;
CREATE TABLE concession_version (
    concession TEXT NOT NULL REFERENCES concession (id),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL,
    in_return TEXT,
    verifier TEXT NOT NULL,
    deadline TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (concession, version)
);
-- state: proposed, reviewed, withdrawn. `version` is the card's that it translates.
CREATE TABLE translation (
    id TEXT PRIMARY KEY,
    concession TEXT NOT NULL REFERENCES concession (id),
    language TEXT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL,
    in_return TEXT,
    verifier TEXT,
    deadline TEXT,
    author TEXT NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    reviewer TEXT REFERENCES account (id),
    at BIGINT NOT NULL
);
CREATE INDEX translation_concession ON translation (concession, language, at);
-- The card that a moderator united another with.
ALTER TABLE decision ADD COLUMN target TEXT;
