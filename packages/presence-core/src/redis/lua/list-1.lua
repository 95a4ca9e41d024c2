--[[
  One page of members within the window, by (score, member), after a given position. The rank of the position and
  the members after it must be seen together: a member that leaves in between would shift the page.

  KEYS[1]  the sorted set
  ARGV[1]  scores at or below this are expired
  ARGV[2]  scores above this are invalid
  ARGV[3]  'oldest' or 'recent'
  ARGV[4]  at most this many members
  ARGV[5]  time of the position to begin after, in whole microseconds, or '' for the first page
  ARGV[6]  member of that position

  Positions are held against scores by the microsecond: a score that passed through milliseconds and back need not
  be the same number, and other writers' scores are finer than ours.

  Result: { member, score, member, score, ... }
]]
local key = KEYS[1]
local first = redis.call('ZCOUNT', key, '-inf', ARGV[1])
local last = redis.call('ZCARD', key) - redis.call('ZCOUNT', key, '(' .. ARGV[2], '+inf') - 1

-- Redis orders members by their bytes; Lua's own comparison follows the server's locale.
local function before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function micros(score)
  return math.floor(tonumber(score) * 1e6 + 0.5)
end

-- How many members come before (time, member), and how many up to and including it.
local function rankOf(time, member)
  local found = redis.call('ZSCORE', key, member)
  if found and micros(found) == time then
    local rank = redis.call('ZRANK', key, member)
    return rank, rank + 1
  end
  local low, high = 0, redis.call('ZCARD', key)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('ZRANGE', key, middle, middle, 'WITHSCORES')
    local at = micros(entry[2])
    if at < time or (at == time and before(entry[1], member)) then low = middle + 1 else high = middle end
  end
  return low, low
end

if ARGV[5] ~= '' then
  local atOrAfter, after = rankOf(tonumber(ARGV[5]), ARGV[6])
  if ARGV[3] == 'oldest' then first = math.max(first, after) else last = math.min(last, atOrAfter - 1) end
end
local limit = tonumber(ARGV[4])
if ARGV[3] == 'oldest' then
  last = math.min(last, first + limit - 1)
else
  first = math.max(first, last - limit + 1)
end
if first > last or last < 0 then return {} end
local page = redis.call('ZRANGE', key, first, last, 'WITHSCORES')
if ARGV[3] == 'oldest' then return page end
local turned = {}
for i = #page - 1, 1, -2 do
  turned[#turned + 1] = page[i]
  turned[#turned + 1] = page[i + 1]
end
return turned
