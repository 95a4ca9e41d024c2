--[[
  Takes a writer off. With the last one gone nobody records any more, and the state must say so at once.

  KEYS[1]  the state hash
  ARGV[1]  id of the writer

  Result: how many writers are left
]]
redis.call('HDEL', KEYS[1], 'writer:' .. ARGV[1])
local left = 0
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 7) == 'writer:' then left = left + 1 end
end
if left == 0 then redis.call('HDEL', KEYS[1], 'seen') end
return left
