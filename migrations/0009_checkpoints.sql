-- How a change's digest and hash are made: 1 with its account in the clear, 2 without, so that an account can be taken away.
-- docs/chain.md tells both.
ALTER TABLE change ADD COLUMN form BIGINT NOT NULL DEFAULT 1;
-- Where a stream stood at a time, signed. key, signature: Ed25519, in hexadecimal.
CREATE TABLE checkpoint (
    framework TEXT NOT NULL REFERENCES framework (id),
    stream TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    key TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (framework, stream, epoch, seq)
);
