-- What handles and display names look like as they are written, in their own capitals; NULL: there is none, or an older version wrote
-- it, and the next start of this one fills it in.
ALTER TABLE account ADD COLUMN written TEXT;
ALTER TABLE account ADD COLUMN name_written TEXT;
CREATE INDEX account_written ON account (written);
CREATE INDEX account_name_written ON account (name_written);
