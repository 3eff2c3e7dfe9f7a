-- Shows the running tally if it is due, by copying it whole: domain::tally::Release::due says when.
local function release_if_due(running, shown, now, ballots, after, at_least)
  local changed = tonumber(redis.call('HGET', running, 'changed')) or 0
  local age = tonumber(now) - (tonumber(redis.call('HGET', running, 'released_at')) or 0)
  if changed < tonumber(ballots) and (changed < tonumber(at_least) or age < tonumber(after)) then
    return false
  end
  redis.call('HSET', running, 'changed', 0, 'released_at', now)
  redis.call('COPY', running, shown, 'REPLACE')
  return true
end

-- The place a tally stands at; nil where there is none, or something else under its name.
local function place(key)
  local at = redis.pcall('HGET', key, 'at_seq')
  return type(at) == 'string' and tonumber(at) or nil
end
