-- An account's second factor: the key its authenticator app shares (base32, readable: codes are made from it), since when it is
-- asked for (NULL: set up and not confirmed), and the last step of 30 seconds whose code was used, so that each is used once.
CREATE TABLE second_factor (
    account TEXT PRIMARY KEY REFERENCES account (id),
    secret TEXT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL
);
