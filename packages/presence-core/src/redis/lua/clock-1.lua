--[[
  The time of the server that holds the state, and which run of that server this is.

  KEYS[1]  the state hash; only says which server is meant

  Result: { seconds, microseconds, run id or '' where INFO is not permitted }
]]
local time = redis.call('TIME')
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
return { time[1], time[2], run }
