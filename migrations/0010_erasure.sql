-- Accounts that are being erased: the mark stands until all of it is done, so that a process that died in between is followed by
-- one that goes on. posts: erase, keep.
CREATE TABLE erasure (
    account TEXT PRIMARY KEY REFERENCES account (id),
    posts TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);
