-- Deals are looked up by account and swept by time. An index that began as the key does was taken for the look-up by account as well, while
-- nothing was known of the table yet, and then every answer went through all deals of the round.
DROP INDEX deal_valid;
CREATE INDEX deal_expiry ON deal (expires_at);
