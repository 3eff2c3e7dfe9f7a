-- One seat a person and round: what their answers count for, and what those follow.
CREATE TABLE seat (
    question TEXT NOT NULL REFERENCES question (id),
    round BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    camp TEXT,
    weight BIGINT NOT NULL,
    PRIMARY KEY (question, round, account)
);
CREATE INDEX seat_account ON seat (account);
-- In rounds that are open, from what was answered first.
INSERT INTO seat (question, round, account, camp, weight)
    SELECT a.question, a.round, a.account, a.camp, a.weight FROM answer a JOIN question q ON q.id = a.question AND q.round = a.round
    WHERE q.state = 'open' AND a.dealt AND NOT EXISTS (SELECT 1 FROM answer b WHERE b.question = a.question AND b.round = a.round
        AND b.account = a.account AND b.dealt AND (b.at < a.at OR (b.at = a.at AND b.concession < a.concession)));
-- Answers that were given with another viewpoint or weight follow; each such ballot changes once, so that it is counted anew.
UPDATE question SET ballot_seq = ballot_seq + (SELECT COUNT(DISTINCT a.account) FROM answer a JOIN seat s
    ON s.question = a.question AND s.round = a.round AND s.account = a.account
    WHERE a.question = question.id AND a.round = question.round AND a.dealt
        AND (a.weight <> s.weight OR COALESCE(a.camp, '') <> COALESCE(s.camp, '')));
UPDATE answer SET camp = (SELECT s.camp FROM seat s WHERE s.question = answer.question AND s.round = answer.round AND s.account = answer.account),
    weight = (SELECT s.weight FROM seat s WHERE s.question = answer.question AND s.round = answer.round AND s.account = answer.account)
    WHERE dealt AND EXISTS (SELECT 1 FROM seat s WHERE s.question = answer.question AND s.round = answer.round AND s.account = answer.account
        AND (answer.weight <> s.weight OR COALESCE(answer.camp, '') <> COALESCE(s.camp, '')));
UPDATE site SET value = '23' WHERE key = 'least_migration';
