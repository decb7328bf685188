-- Post the bodies of a file (first argument) one after the other, each with a key of its own (second argument: prefix).
local bodies, prefix, number = {}, "", 0
function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  prefix = args[2]
end
function request()
  number = number + 1
  wrk.headers["Idempotency-Key"] = prefix .. number
  return wrk.format("POST", nil, nil, bodies[(number - 1) % #bodies + 1])
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"seconds":%.6f,"calls":%d,"errors":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    summary.duration / 1e6, summary.requests, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
