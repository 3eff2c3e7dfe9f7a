-- When the present round was opened, is to be closed by the clock, and was closed.
ALTER TABLE question ADD COLUMN opened_at BIGINT;
ALTER TABLE question ADD COLUMN closes_at BIGINT;
ALTER TABLE question ADD COLUMN closed_at BIGINT;
UPDATE question SET opened_at = (SELECT f.created_at FROM framework f WHERE f.id = question.framework);
-- What came out of a round, frozen when it was closed. leaves: the ballots' commitments in hexadecimal, one after the other.
CREATE TABLE round_result (
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    opened_at BIGINT,
    closed_at BIGINT NOT NULL,
    ballots BIGINT NOT NULL,
    root TEXT NOT NULL,
    leaves TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (question, round)
);
-- Who may fetch the ballot files of a framework.
CREATE TABLE auditor (
    framework TEXT NOT NULL REFERENCES framework (id),
    account TEXT NOT NULL REFERENCES account (id),
    appointed_at BIGINT NOT NULL,
    PRIMARY KEY (framework, account)
);
