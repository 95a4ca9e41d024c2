--[[
  Says that a writer records, and settles since when recording has run without a gap. Reading the writers and
  writing the state must be seen together, so that two that begin at once agree on one epoch.

  KEYS[1]  the state hash: epoch, since, run, seen, layout, writer:<id> = "<seen ms> <identity> <prefix> <window> <shards>"
  ARGV[1]  id of the writer
  ARGV[2]  its profile: "<identity> <prefix> <window> <shards>"
  ARGV[3]  an epoch to set where a new one is due
  ARGV[4]  '1' where this writer lost sightings, else '0'
  ARGV[5]  now in ms, by this server's clock
  ARGV[6]  a writer silent for longer than this many ms is not alive
  ARGV[7]  a writer silent for longer than this many ms is taken off
  ARGV[8]  life of the state in seconds
  ARGV[9]  which run of which server holds the visitors: where it is another one, data may be lost
  ARGV[10] the layout of the shards this writer goes by, kept where there is none yet

  Result: { epoch, since ms, layout, id, "<seen ms> <profile>", id, ... }
]]
local key, id, now, run = KEYS[1], ARGV[1], tonumber(ARGV[5]), ARGV[9]

local epoch, since, writers, wasRecording, lastGone = nil, nil, {}, false, 0
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do
  local field, value = fields[i], fields[i + 1]
  local writer = string.match(field, '^writer:(.+)$')
  if field == 'epoch' then
    epoch = value
  elseif field == 'since' then
    since = value
  elseif writer then
    local seen = tonumber(string.match(value, '^%d+'))
    local silent = now - seen
    if writer == id or silent <= tonumber(ARGV[6]) then
      wasRecording = true
    else
      lastGone = math.max(lastGone, seen + tonumber(ARGV[6]))
    end
    if silent > tonumber(ARGV[7]) then
      redis.call('HDEL', key, field)
    elseif writer ~= id then
      writers[#writers + 1] = writer
      writers[#writers + 1] = value
    end
  end
end

local isSameRun = redis.call('HGET', key, 'run') == run
if not epoch or not isSameRun then epoch, since = ARGV[3], ARGV[5] end
if ARGV[4] == '1' or not wasRecording then since = ARGV[5] end
-- A writer that fell silent without leaving may have had sightings until it counted as gone.
if lastGone > tonumber(since) then since = string.format('%d', lastGone) end
local own = ARGV[5] .. ' ' .. ARGV[2]
redis.call('HSET', key, 'epoch', epoch, 'since', since, 'run', run, 'seen', ARGV[5], 'writer:' .. id, own)
redis.call('HSETNX', key, 'layout', ARGV[10])
redis.call('EXPIRE', key, ARGV[8])
writers[#writers + 1] = id
writers[#writers + 1] = own
local result = { epoch, since, redis.call('HGET', key, 'layout') }
-- One by one: Lua unpacks 8,000 at most.
for _, text in ipairs(writers) do result[#result + 1] = text end
return result
