-- How far each framework's comments are indexed for searching: a place of its public stream. Until now each was indexed as it was
-- written.
CREATE TABLE search_indexed (
    framework TEXT PRIMARY KEY REFERENCES framework (id),
    seq BIGINT NOT NULL
);
INSERT INTO search_indexed (framework, seq) SELECT framework, seq FROM stream WHERE name = 'public';
