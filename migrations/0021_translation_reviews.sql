-- Who found a translation true, and with which viewpoint: two of different ones make it reviewed.
CREATE TABLE translation_review (
    translation TEXT NOT NULL REFERENCES translation (id),
    account TEXT NOT NULL REFERENCES account (id),
    camp TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (translation, account)
);
CREATE INDEX translation_review_account ON translation_review (account);
