-- What somebody has judged, in every round, decides what their answers weigh.
CREATE INDEX answer_account ON answer (account);
