-- Portable to SQLite and PostgreSQL: ids, enums and JSON are TEXT; times are unix milliseconds in BIGINT.
CREATE TABLE site (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    handle TEXT NOT NULL,
    skeleton TEXT NOT NULL UNIQUE,
    display_name TEXT,
    password_hash TEXT,
    admin BOOLEAN NOT NULL,
    vouched BOOLEAN NOT NULL,
    sample BOOLEAN NOT NULL,
    locale TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (id),
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);
-- kind: browser, token. `recovered` marks a session begun by a recovery code: it may set a password without the old one.
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT,
    recovered BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX session_account ON session (account);
-- kind: reset (for an account), invitation (to register).
CREATE TABLE link (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    account TEXT REFERENCES account (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE framework (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    as_of TEXT NOT NULL,
    epoch TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    paused BOOLEAN NOT NULL,
    parties TEXT NOT NULL,
    camps TEXT NOT NULL,
    legends TEXT NOT NULL,
    beat BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE revision (
    framework TEXT NOT NULL REFERENCES framework (id),
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    published_on TEXT NOT NULL,
    as_of TEXT NOT NULL,
    introduction TEXT NOT NULL,
    lineage TEXT NOT NULL,
    PRIMARY KEY (framework, number)
);
CREATE TABLE point (
    framework TEXT NOT NULL,
    revision BIGINT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    status_by TEXT NOT NULL,
    summary TEXT NOT NULL,
    notes TEXT,
    verification TEXT NOT NULL,
    positions TEXT NOT NULL,
    sources TEXT NOT NULL,
    PRIMARY KEY (framework, revision, number),
    FOREIGN KEY (framework, revision) REFERENCES revision (framework, number)
);
CREATE TABLE question (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    key TEXT NOT NULL,
    giver TEXT NOT NULL,
    point BIGINT NOT NULL,
    prompt TEXT NOT NULL,
    state TEXT NOT NULL,
    round BIGINT NOT NULL,
    reveal TEXT NOT NULL,
    ballot_seq BIGINT NOT NULL,
    UNIQUE (framework, key)
);
CREATE TABLE membership (
    framework TEXT NOT NULL REFERENCES framework (id),
    account TEXT NOT NULL REFERENCES account (id),
    joined BOOLEAN NOT NULL,
    camp TEXT,
    role TEXT NOT NULL,
    camp_changed_at BIGINT NOT NULL,
    PRIMARY KEY (framework, account)
);
CREATE TABLE sanction (
    framework TEXT NOT NULL REFERENCES framework (id),
    account TEXT NOT NULL REFERENCES account (id),
    until BIGINT,
    decision TEXT NOT NULL,
    PRIMARY KEY (framework, account)
);
CREATE TABLE read_mark (
    framework TEXT NOT NULL REFERENCES framework (id),
    account TEXT NOT NULL REFERENCES account (id),
    point BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (framework, account, point)
);

CREATE TABLE thread (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    point BIGINT,
    concession TEXT,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    author TEXT NOT NULL REFERENCES account (id),
    comments BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX thread_point ON thread (framework, point, last_at);
CREATE INDEX thread_concession ON thread (concession, last_at);
CREATE TABLE comment (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    thread TEXT NOT NULL REFERENCES thread (id),
    parent TEXT,
    depth BIGINT NOT NULL,
    author TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    replies BIGINT NOT NULL
);
CREATE INDEX comment_thread ON comment (thread, created_at, id);
CREATE INDEX comment_author ON comment (author, created_at);
CREATE TABLE comment_version (
    comment TEXT NOT NULL REFERENCES comment (id),
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (comment, version)
);

CREATE TABLE concession (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    question TEXT NOT NULL REFERENCES question (id),
    author TEXT NOT NULL REFERENCES account (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL,
    in_return TEXT,
    verifier TEXT NOT NULL,
    deadline TEXT,
    receivers TEXT NOT NULL,
    category TEXT,
    points TEXT NOT NULL,
    sources TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    sample BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX concession_question ON concession (question, created_at, id);
CREATE INDEX concession_author ON concession (author, created_at);
-- The comment that holds the public note on somebody's answer.
CREATE TABLE answer_note (
    account TEXT NOT NULL REFERENCES account (id),
    concession TEXT NOT NULL REFERENCES concession (id),
    comment TEXT NOT NULL REFERENCES comment (id),
    PRIMARY KEY (account, concession)
);

CREATE TABLE ballot (
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    tiers TEXT NOT NULL,
    PRIMARY KEY (question, round, account)
);
CREATE TABLE answer (
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    concession TEXT NOT NULL REFERENCES concession (id),
    version BIGINT NOT NULL,
    camp TEXT,
    acceptance TEXT NOT NULL,
    realism TEXT,
    dealt BOOLEAN NOT NULL,
    weight BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (question, round, account, concession)
);
CREATE TABLE deal (
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    concession TEXT NOT NULL REFERENCES concession (id),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (question, round, account, concession)
);
-- An account redeems one anonymous hand per question and round.
CREATE TABLE redeemed_hand (
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    hash TEXT NOT NULL,
    PRIMARY KEY (question, round, account)
);

CREATE TABLE report (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    reason TEXT NOT NULL,
    note TEXT,
    closed_by TEXT,
    at BIGINT NOT NULL,
    UNIQUE (account, object)
);
CREATE INDEX report_open ON report (framework, closed_by, at);
CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    framework TEXT NOT NULL REFERENCES framework (id),
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    action TEXT NOT NULL,
    rule TEXT NOT NULL,
    facts TEXT NOT NULL,
    until BIGINT,
    moderator TEXT NOT NULL REFERENCES account (id),
    addressee TEXT REFERENCES account (id),
    at BIGINT NOT NULL
);
CREATE INDEX decision_framework ON decision (framework, at, id);
CREATE INDEX decision_addressee ON decision (addressee, at);

-- The head of each stream, with the last hash of its chain.
CREATE TABLE stream (
    framework TEXT NOT NULL REFERENCES framework (id),
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (framework, name)
);
CREATE TABLE change (
    framework TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    version BIGINT NOT NULL,
    actor TEXT,
    at BIGINT NOT NULL,
    command TEXT NOT NULL,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (framework, stream, seq)
);
-- Deleting a salt makes its digest unprovable: that is erasure.
CREATE TABLE salt (
    object TEXT NOT NULL,
    version BIGINT NOT NULL,
    salt TEXT NOT NULL,
    PRIMARY KEY (object, version)
);
CREATE TABLE command (
    account TEXT NOT NULL REFERENCES account (id),
    id TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    result TEXT NOT NULL,
    epoch TEXT,
    stream TEXT,
    seq BIGINT,
    PRIMARY KEY (account, id)
);
