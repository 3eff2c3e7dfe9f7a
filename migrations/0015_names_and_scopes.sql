-- What a display name looks like (its skeleton), so that nobody takes one that looks like another's; NULL: there is none, or an
-- older version wrote it and the next start fills this in. Not unique: names of before this rule stay.
ALTER TABLE account ADD COLUMN name_skeleton TEXT;
CREATE INDEX account_name_skeleton ON account (name_skeleton);
-- What an API token may: read, write, moderate; NULL is a browser's session, or a token of before, which may what its account may.
ALTER TABLE session ADD COLUMN scope TEXT;
