-- Why a card is held. `queued_at`: since when it waits for a person; null until its author sends it to one.
-- held_by: stop, review (the gate), people (flags of two viewpoints, or a moderator).
CREATE TABLE scope_hold (
    concession TEXT PRIMARY KEY REFERENCES concession (id),
    framework TEXT NOT NULL REFERENCES framework (id),
    held_by TEXT NOT NULL,
    held_at BIGINT NOT NULL,
    queued_at BIGINT
);
CREATE INDEX scope_hold_queue ON scope_hold (framework, queued_at);
-- What people say of a card: is it about land? The camp is frozen with the word. `cleared`: a moderator has decided since.
CREATE TABLE scope_opinion (
    concession TEXT NOT NULL REFERENCES concession (id),
    version BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    camp TEXT NOT NULL,
    territorial BOOLEAN NOT NULL,
    cleared BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (concession, version, account)
);
-- Where a card has been, for the public ledger. step: proposed (with the author's camp of that day), review, stop, people,
-- provisional, ranked, closed.
CREATE TABLE scope_step (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    concession TEXT NOT NULL REFERENCES concession (id),
    version BIGINT NOT NULL,
    step TEXT NOT NULL,
    camp TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX scope_step_framework ON scope_step (framework, at, id);
CREATE INDEX scope_step_concession ON scope_step (concession, at);
-- Whether nobody decided it but the count of what people said.
ALTER TABLE decision ADD COLUMN automated BOOLEAN NOT NULL DEFAULT FALSE;
