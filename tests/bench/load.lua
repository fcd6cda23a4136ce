-- wrk's part: sends the requests of a file in turn, and says in JSON how that went.
-- A request in the file: a line "<number of headers> <length of the body>", a line for each header, the body, a newline.

local file

local function next_request()
  local line = file:read("*l")
  if not line then
    file:seek("set", 0)
    line = file:read("*l")
  end
  local count, length = line:match("^(%d+) (%d+)$")
  local headers = {}
  for _ = 1, tonumber(count) do
    local name, value = file:read("*l"):match("^([^:]+): (.*)$")
    headers[name] = value
  end
  local body = file:read(tonumber(length))
  file:read(1)
  return wrk.format("POST", nil, headers, body)
end

function init(args)
  file = assert(io.open(args[1], "rb"))
end

request = next_request

function done(summary, latency, _)
  local e = summary.errors
  print(string.format(
    '{"requests": %d, "errors": %d, "seconds": %f, "p50": %f, "p99": %f}',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
