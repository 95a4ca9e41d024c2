--[[
  Writes one member of a sorted set and looks after the set's life: both must be seen together, so that a set
  which this write creates never stays without an end, and one that somebody else made without an end keeps none.

  KEYS[1]  the sorted set
  ARGV[1]  life of the set in seconds
  ARGV[2]  score
  ARGV[3]  member

  Result: nothing of use
]]
local life = redis.call('TTL', KEYS[1])
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[3])
if life == -2 or (life >= 0 and life < tonumber(ARGV[1])) then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return redis.status_reply('OK')
