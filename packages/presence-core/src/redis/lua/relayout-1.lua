--[[
  Changes the layout of the shards, if it still is what the caller thinks: two that change it at once must not
  both succeed.

  KEYS[1]  the state hash
  ARGV[1]  the layout as the caller knows it
  ARGV[2]  the layout to be

  Result: 1 where it was changed, else 0
]]
if redis.call('HGET', KEYS[1], 'layout') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'layout', ARGV[2])
return 1
