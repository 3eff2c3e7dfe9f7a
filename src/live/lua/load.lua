-- Sets a tally as recounted, and shows it, unless a later one stands; whether it did.
-- KEYS: running, shown. ARGV: at_seq, now, life in ms, then field and value by turns.
local at = place(KEYS[1])
if at and at > tonumber(ARGV[1]) then
  return 0
end
redis.call('UNLINK', KEYS[1])
redis.call('HSET', KEYS[1], 'at_seq', ARGV[1], 'changed', 0, 'released_at', ARGV[2])
-- Lua's stack holds some thousand values.
for i = 4, #ARGV, 1000 do
  redis.call('HSET', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('COPY', KEYS[1], KEYS[2], 'REPLACE')
return 1
