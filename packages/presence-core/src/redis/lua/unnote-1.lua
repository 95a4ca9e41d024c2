--[[
  Takes a channel off the index, unless somebody has written to it since it was found empty: looking at its last
  write and removing it must be seen together.

  KEYS[1]  the index
  ARGV[1]  name of the channel
  ARGV[2]  a last write after this, in unix seconds, keeps it

  Result: 1 where it is off, else 0
]]
local written = redis.call('ZSCORE', KEYS[1], ARGV[1])
if written and tonumber(written) > tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
return 1
