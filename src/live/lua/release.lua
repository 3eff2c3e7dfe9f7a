-- Releases what is due by time; whether it did, and the places of the shown and of the running tally.
-- KEYS: running, shown. ARGV: now, ballots, after, at_least.
if not place(KEYS[1]) then
  return false
end
local released = release_if_due(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
local shown = place(KEYS[2])
return shown and { released and 1 or 0, shown, place(KEYS[1]) }
