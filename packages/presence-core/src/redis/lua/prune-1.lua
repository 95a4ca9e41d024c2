--[[
  Removes a bounded number of members outside the window, the expired ones first. By rank, since a score range
  cannot be bounded; counting and removing must be seen together, so that nobody's new sighting slips in between.

  KEYS[1]  the sorted set
  ARGV[1]  scores at or below this are expired
  ARGV[2]  scores above this are invalid
  ARGV[3]  remove at most this many, 0 or more

  Result: { expired removed, invalid removed, outside the window still, members left }
]]
local expired = redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[1])
local invalid = redis.call('ZCOUNT', KEYS[1], '(' .. ARGV[2], '+inf')
local room = tonumber(ARGV[3])
local low = math.min(room, expired)
if low > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], 0, low - 1) end
local high = math.min(room - low, invalid)
if high > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], -high, -1) end
return { low, high, expired - low + invalid - high, redis.call('ZCARD', KEYS[1]) }
