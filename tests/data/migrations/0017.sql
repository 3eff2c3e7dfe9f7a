-- How far the comments are indexed stands beside the rows that earlier versions left: nothing is put in.
UPDATE site SET value = value WHERE key LIKE 'indexed:%';
