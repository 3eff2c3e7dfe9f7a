-- Reports and notices that were answered by the author: the thing was taken back. `closed_by` is then empty, which no decision's id is.
ALTER TABLE report ADD COLUMN taken_back_at BIGINT;
ALTER TABLE public_notice ADD COLUMN taken_back_at BIGINT;

-- Threads that a moderator united with another at the same place. The thread that goes is hidden and says where its comments are.
ALTER TABLE thread ADD COLUMN merged_into TEXT;
ALTER TABLE decision ADD COLUMN into_thread TEXT;
-- What stood before, so that they can be parted: the thread's state, and when both had their last comment.
CREATE TABLE united_thread (
    decision TEXT PRIMARY KEY REFERENCES decision (id),
    framework TEXT NOT NULL REFERENCES framework (id),
    thread TEXT NOT NULL REFERENCES thread (id),
    into_thread TEXT NOT NULL REFERENCES thread (id),
    state TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    into_last_at BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX united_thread_framework ON united_thread (framework);
-- The comments that stood at the top of the thread that went: with all that answers them they go back.
CREATE TABLE united_comment (
    decision TEXT NOT NULL REFERENCES decision (id),
    comment TEXT NOT NULL REFERENCES comment (id),
    PRIMARY KEY (decision, comment)
);
