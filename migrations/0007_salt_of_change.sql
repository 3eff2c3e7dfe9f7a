-- The salt of a change's content stands with the change: one row less to write for each. It is no part of the chain's hash,
-- so that taking it away, which is erasure, breaks no link. The table `salt` stays for nodes of the version before.
ALTER TABLE change ADD COLUMN salt TEXT;
UPDATE change SET salt = (SELECT s.salt FROM salt s WHERE s.object = change.hash AND s.version = change.version);
