-- For whom a card was dealt and what the answer would weigh: deals that are out count for who is dealt what next.
-- Null where an older version dealt.
ALTER TABLE deal ADD COLUMN camp TEXT;
ALTER TABLE deal ADD COLUMN weight BIGINT;
CREATE INDEX deal_valid ON deal (question, round, expires_at);
-- If this card were granted, would you accept the question's point as it stands? yes, no, cannot_say; null: not said.
ALTER TABLE answer ADD COLUMN unfreezes TEXT;
-- Do you accept the question's point as it stands? Camp and weight are frozen when it is first said, as in `answer`; null: not said.
ALTER TABLE ballot ADD COLUMN accepts TEXT;
ALTER TABLE ballot ADD COLUMN accepts_camp TEXT;
ALTER TABLE ballot ADD COLUMN accepts_weight BIGINT;
