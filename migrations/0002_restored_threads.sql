-- What a hidden thread goes back to when it is restored: 'open', 'locked'; null while it shows, and where an older version hid it.
ALTER TABLE thread ADD COLUMN restores_to TEXT;
-- Threads that are hidden now: locked if the last word about that was a lock.
UPDATE thread SET restores_to = 'locked' WHERE state = 'hidden' AND (
    SELECT d.action FROM decision d WHERE d.kind = 'thread' AND d.object = thread.id AND d.action IN ('lock', 'unlock', 'restore')
    ORDER BY d.at DESC, d.id DESC LIMIT 1
) = 'lock';
