-- How far the comments of each framework are indexed for searching: a place of its public stream. Until now each was indexed as it
-- was written.
INSERT INTO site (key, value) SELECT 'indexed:' || framework, CAST(seq AS TEXT) FROM stream WHERE name = 'public';
