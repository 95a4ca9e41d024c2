-- For wrk: each request is another visitor's, of 2,000 in turn. Made beforehand, so that the generator costs little.
local VISITORS = 2000
local requests = {}
local last = 0

function init()
  for i = 0, VISITORS - 1 do
    local address = string.format("198.18.%d.%d", math.floor(i / 256), i % 256)
    requests[#requests + 1] = wrk.format(nil, nil, { ["X-Forwarded-For"] = address })
  end
end

function request()
  last = last % VISITORS + 1
  return requests[last]
end
