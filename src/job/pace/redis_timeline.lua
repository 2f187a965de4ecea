-- The timeline of slots from which all sharers of one app's rate reserve: the rules of
-- shared_timeline.rs on this server's clock, so that the clocks of the sharers do not matter.
-- All times are microseconds.
--
-- KEYS[1]: the timeline, a hash.
-- ARGV: slots wanted (0: none) · requests per second wanted · how much time a lease of
-- this sharer should span · the `next` that this sharer got last (0: none) · age of the start of a
-- refused request (-1: there is none) · 1 if this sharer could not reach the timeline
-- before, else 0.
-- Returns: from now to the first slot · step · slots · next · how far ahead slots are
-- reserved · thousandths of the rate in force · of the rate without slow-down (0: nobody
-- has reserved lately) · how much time all leases span now: the longest that was asked for
-- lately, because a sharer with longer leases than others would get a larger share.

local SECOND = 1000000
local MAX_RATE, MAX_RELAXED_RATE, STEP_AT_LIMIT = 200, 190, 5100
local MIN_RATE, RATE_GAIN, RATE_KEPT = 2, 10, 10 * SECOND
-- Another rate in the state is damage.
local LEAST_RATE = 0.1
-- How long nobody starts after a loss: until the slots that sharers still hold are over,
-- and all sharers have noticed that the timeline can be reached again.
local QUIET = 1.5 * SECOND
-- After so long without a reservation nobody else uses the timeline.
local IDLE = 0.3 * SECOND
-- Milliseconds after the last slot. A slow-down is over by then.
local EXPIRY = 60000

local slots, wanted, own_span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local seen, age, is_back = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'

local time = redis.call('TIME')
local now = time[1] * SECOND + time[2]
local state = redis.call('HMGET', KEYS[1], 'next', 'rate', 'rate_until', 'slowed_at', 'slowed_to',
  'span', 'span_until')
local next, rate, rate_until = tonumber(state[1]), tonumber(state[2]), tonumber(state[3])
local slowed_at, slowed_to = tonumber(state[4]), tonumber(state[5])
local span, span_until = tonumber(state[6]) or 0, tonumber(state[7]) or 0

local function is_rate(value)
  return value and value >= LEAST_RATE and value <= MAX_RATE
end
if not is_rate(rate) then rate, rate_until = nil, nil end
if not is_rate(slowed_to) then slowed_at, slowed_to = nil, nil end

local function in_force()
  if not slowed_at then return rate end
  return math.min(rate, slowed_to + RATE_GAIN * math.max(0, now - slowed_at) / SECOND)
end

-- A clock that was set back, as after a failover, makes times lie ahead.
rate, rate_until = rate or MAX_RATE, math.min(rate_until or 0, now + RATE_KEPT)
if slowed_at then slowed_at = math.min(slowed_at, now) end

if slots > 0 and (now >= rate_until or wanted >= rate) then
  rate, rate_until = wanted, now + RATE_KEPT
end
if slots > 0 and (now >= span_until or own_span >= span) then
  span, span_until = own_span, now + RATE_KEPT
end
if age >= 0 and (not slowed_at or (now - age >= slowed_at and now - slowed_at >= SECOND)) then
  slowed_at, slowed_to = now, math.max(in_force() / 2, math.min(MIN_RATE, rate))
end

local step = SECOND / in_force()
if in_force() > MAX_RELAXED_RATE then step = math.max(step, STEP_AT_LIMIT) end
step = math.ceil(step)

-- The state was lost (restart, FLUSHALL, failover) if this sharer knows of later slots, or
-- if the state cannot be true. After an outage for all, the other sharers still go on by
-- themselves for a moment.
local is_lost = seen > (next or now - RATE_KEPT)
  or is_back and (next or 0) < now - IDLE
if next and next > now + 10 * SECOND + 200 * step then
  is_lost, next = true, nil
end
if is_lost then next = math.max(next or 0, now + QUIET) end

local first = math.max(next or 0, now)
next = first
if slots > 0 then
  slots = math.max(1, math.min(slots, math.floor(span / step)))
  next = first + slots * step
end

if slots > 0 or age >= 0 then
  redis.call('HSET', KEYS[1], 'next', next, 'rate', rate, 'rate_until', rate_until,
    'span', span, 'span_until', span_until)
  if slowed_at then
    redis.call('HSET', KEYS[1], 'slowed_at', slowed_at, 'slowed_to', slowed_to)
  end
end
-- Also without a change: it shows doctor whether this server lets it write.
redis.call('PEXPIRE', KEYS[1], EXPIRY + math.ceil((next - now) / 1000))
return { first - now, step, slots, next, next - now, in_force() * 1000,
  now < rate_until and rate * 1000 or 0, span }
