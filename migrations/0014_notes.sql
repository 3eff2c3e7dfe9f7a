-- The card whose notes on answers stand in this thread: at most one thread for each card, whatever its title. Null: any other thread.
ALTER TABLE thread ADD COLUMN notes_of TEXT;
-- Threads of notes were known by their title; now by a note that stands in them, the oldest of each card.
UPDATE thread SET notes_of = concession WHERE id IN (
    SELECT (SELECT t.id FROM answer_note n JOIN comment c ON c.id = n.comment JOIN thread t ON t.id = c.thread
        WHERE n.concession = card.id AND t.concession = card.id AND t.title = 'What would have to change'
        ORDER BY t.created_at, t.id LIMIT 1)
    FROM concession card);
CREATE UNIQUE INDEX thread_notes ON thread (notes_of);
