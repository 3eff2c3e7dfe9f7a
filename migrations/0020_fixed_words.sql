-- An answer counts for the words it judged, and for no others: the words of a card are fixed with the first answer of weight that it was
-- dealt for, and whoever wants other words writes a card that grew out of it.
ALTER TABLE concession ADD COLUMN opens_at BIGINT NOT NULL DEFAULT 0; -- from when it is dealt and answered
ALTER TABLE concession ADD COLUMN fixed BOOLEAN NOT NULL DEFAULT FALSE; -- whether its words are; since when would tell who was first
ALTER TABLE concession ADD COLUMN grew_out_of TEXT REFERENCES concession (id); -- the card it grew out of
ALTER TABLE concession ADD COLUMN line TEXT; -- the first card of its line, if it is not that one
CREATE INDEX concession_grew ON concession (grew_out_of);
UPDATE concession SET opens_at = created_at;
UPDATE concession SET fixed = TRUE WHERE EXISTS (SELECT 1 FROM answer a WHERE a.concession = concession.id AND a.dealt AND a.weight >= 1000);
-- In rounds that are open, what was said of other words stays as a reaction to them. Each such ballot changes once, so that whatever was
-- counted before this is counted anew. Rounds that are closed keep what was counted.
UPDATE question SET ballot_seq = ballot_seq + (SELECT COUNT(DISTINCT a.account) FROM answer a JOIN concession c ON c.id = a.concession
    WHERE a.question = question.id AND a.round = question.round AND a.dealt AND a.version < c.material) WHERE state = 'open';
UPDATE answer SET dealt = FALSE WHERE dealt AND version < (SELECT c.material FROM concession c WHERE c.id = answer.concession)
    AND EXISTS (SELECT 1 FROM question q WHERE q.id = answer.question AND q.round = answer.round AND q.state = 'open');
-- Merging moves no answer any more, so nothing has to be given back.
DROP TABLE united_ballot;
-- An older version would move answers, and deal cards before their time.
INSERT INTO site (key, value) VALUES ('least_migration', '20') ON CONFLICT (key) DO UPDATE SET value = excluded.value;
