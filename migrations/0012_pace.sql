-- What slows a framework's debate down, as one document; {} where nobody has set anything.
ALTER TABLE framework ADD COLUMN pace TEXT NOT NULL DEFAULT '{}';
-- Why a comment waits for a moderator. held_by: first_posts, raid, words, wave. `matched`: the entry of the word list, as JSON.
-- `wave`: the first comment held of those that say nearly the same. `earlier`: ids of those posted before it, as JSON.
-- `unseen`: nobody but its author and moderators has ever seen it. `ended_at`: when it was let go, hidden or taken back.
CREATE TABLE comment_hold (
    comment TEXT PRIMARY KEY REFERENCES comment (id),
    framework TEXT NOT NULL REFERENCES framework (id),
    held_by TEXT NOT NULL,
    matched TEXT,
    wave TEXT,
    earlier TEXT NOT NULL,
    unseen BOOLEAN NOT NULL,
    held_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX comment_hold_open ON comment_hold (framework, ended_at, held_at);
CREATE INDEX comment_hold_wave ON comment_hold (wave);
-- The entry of the word list that holds a card, as JSON.
ALTER TABLE scope_hold ADD COLUMN matched TEXT;
-- The newest comments of a framework, to find waves among them.
CREATE INDEX comment_recent ON comment (framework, created_at);
