-- Moves a tally by one ballot's change, if it is the next one, as domain::tally::Tally::apply does.
-- KEYS: running, shown. ARGV: at_seq, now, ballots, after, at_least, life in ms, then field and amount by turns.
local at, to = place(KEYS[1]), tonumber(ARGV[1])
if not at then
  return 'absent'
end
if to <= at then
  return 'old'
end
if to > at + 1 then
  return 'gap'
end
for i = 7, #ARGV, 2 do
  local value = redis.pcall('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
  if type(value) == 'table' then
    -- Somebody wrote a word where a number was. Half a change must not stand: the tally is recounted.
    redis.call('UNLINK', KEYS[1], KEYS[2])
    return 'absent'
  end
  if value == 0 then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
redis.call('HSET', KEYS[1], 'at_seq', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'changed', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return release_if_due(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4], ARGV[5]) and 'released' or 'yes'
