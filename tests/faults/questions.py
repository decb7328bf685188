"""The ledger's questions in SQL, each asked of rows that do not know how the service keeps its promise.

%(mark)s is the pattern of a poison need's title, %(key)s that of the keys the clients posted with.
"""

# A need stored twice under two keys; edits change the title, the first revision keeps it.
DOUBLED_NEEDS = """
SELECT coalesce(sum(n - 1), 0) FROM (
  SELECT count(*) AS n FROM requests_needrevision v JOIN requests_need n ON n.id = v.need_id
  WHERE v.number = 1 AND n.idempotency_key LIKE %(key)s GROUP BY v.title) t
"""
# A revision may go unscored only where a newer one was there when its turn came; the newest never.
UNSCORED = """
SELECT count(*) FROM requests_needrevision v JOIN requests_need n ON n.id = v.need_id
WHERE n.title NOT LIKE %(mark)s AND n.status = 'open'
  AND NOT EXISTS (SELECT 1 FROM matching_scoringrun r WHERE r.need_id = n.id AND r.revision = v.number)
  AND NOT (v.number < n.revision AND coalesce((
    SELECT bool_and(e.state = 'done' AND e.done_at >= newer.created_at)
    FROM core_outboxevent e, requests_needrevision newer
    WHERE e.handler LIKE '%%need_score' AND e.key = 'need:' || n.uuid || ':' || v.number
      AND newer.need_id = n.id AND newer.number = v.number + 1), true))
"""
REVISIONS = """
SELECT count(*) FROM requests_needrevision v JOIN requests_need n ON n.id = v.need_id
WHERE n.title NOT LIKE %(mark)s AND n.idempotency_key LIKE %(key)s
"""
SUPERSEDED = """
SELECT count(*) FROM requests_needrevision v JOIN requests_need n ON n.id = v.need_id
WHERE n.title NOT LIKE %(mark)s AND n.idempotency_key LIKE %(key)s AND v.number < n.revision
  AND NOT EXISTS (SELECT 1 FROM matching_scoringrun r WHERE r.need_id = n.id AND r.revision = v.number)
"""
DOUBLED_RUNS = """
SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM matching_scoringrun GROUP BY need_id, revision) t
"""
DOUBLED_MATCHES = """
SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM matching_match GROUP BY need_id, capability_id) t
"""
# What each person should have been told how often (`due`) and was (`told`): owners of each scored revision, operators
# of each time a match was handed to them. Counted by what a notice says, not by the key that keeps it single.
NOTICES = """
WITH facts AS (
  SELECT 'need.scored' AS event, m.user_id, '/needs/' || n.number || '/matches/' AS path
  FROM matching_scoringrun r JOIN requests_need n ON n.id = r.need_id
  JOIN accounts_membership m ON m.organization_id = n.organization_id AND m.role = 'enterprise'
  UNION ALL
  SELECT 'match.approved', m.user_id, '/desk/leads/' || h.uuid || '/'
  FROM core_auditentry a JOIN matching_match h ON h.uuid = a.object_id AND a.to_status = 'approved'
  JOIN platforms_capability c ON c.id = h.capability_id JOIN platforms_platform p ON p.id = c.platform_id
  JOIN accounts_membership m ON m.organization_id = p.organization_id AND m.role = 'operator'
), due AS (SELECT event, user_id, path, count(*) AS n FROM facts GROUP BY 1, 2, 3),
told AS (SELECT event, recipient_id AS user_id, path, count(*) AS n FROM core_notification
         WHERE event IN ('need.scored', 'match.approved') GROUP BY 1, 2, 3)
SELECT coalesce(sum(greatest(coalesce(due.n, 0) - coalesce(told.n, 0), 0)), 0),
       coalesce(sum(greatest(coalesce(told.n, 0) - coalesce(due.n, 0), 0)), 0), coalesce(sum(due.n), 0)
FROM due FULL JOIN told USING (event, user_id, path)
"""
# One webhook delivery for each robot and thing told to its organization, however many of its people were told.
UNOWED_OUTGOING = """
SELECT count(*) FROM (
  SELECT DISTINCT b.id AS robot, regexp_replace(o.dedupe_key, ':[0-9]+$', '') AS fact
  FROM core_notification o JOIN accounts_membership m ON m.user_id = o.recipient_id
  JOIN core_robot b ON b.organization_id = m.organization_id AND b.is_active AND b.created_at <= o.created_at
) t WHERE NOT EXISTS (SELECT 1 FROM core_delivery d WHERE d.key = 'robot:' || t.robot || ':' || t.fact)
"""
DOUBLED_OUTGOING = """
SELECT coalesce(sum(n - 1), 0) FROM (
  SELECT count(*) AS n FROM core_delivery WHERE robot_id IS NOT NULL GROUP BY robot_id, notification_id) t
"""
OUTGOING = "SELECT uuid FROM core_delivery WHERE channel = 'webhook'"
_OWED = """
EXISTS (SELECT 1 FROM core_outboxevent e WHERE e.handler LIKE '%%sending.send' AND e.state IN ('pending', 'leased')
        AND (e.payload->>'delivery_id')::bigint = d.id)
"""
_UNSENT = "FROM core_delivery d WHERE d.state NOT IN ('sent', 'collected', 'dropped')"
# Refused so often that the next try is minutes away: owed, and not lost.
RESTING_OUTGOING = f"SELECT count(*) {_UNSENT} AND {_OWED}"
UNSENT_OUTGOING = f"SELECT count(*) {_UNSENT} AND NOT {_OWED}"
RESTING = """
SELECT e.attempts, e.crashes, extract(epoch FROM e.available_at - now()), e.last_error
FROM core_outboxevent e JOIN core_delivery d ON (e.payload->>'delivery_id')::bigint = d.id
WHERE e.handler LIKE '%%sending.send' AND e.state IN ('pending', 'leased')
  AND d.state NOT IN ('sent', 'collected', 'dropped')
"""
LOST_MAILS = """
SELECT count(*) FROM core_notification o JOIN accounts_user u ON u.id = o.recipient_id
WHERE u.email <> '' AND NOT EXISTS (
  SELECT 1 FROM core_delivery d WHERE d.notification_id = o.id AND d.channel = 'mail')
"""
# The poison's own rows aside: they stay due until their last crash, by design.
WAITING = """
SELECT count(*) FROM core_outboxevent e WHERE e.state IN ('pending', 'leased') AND e.available_at <= now()
AND NOT EXISTS (SELECT 1 FROM requests_need n
                WHERE n.id = (e.payload->>'need_id')::bigint AND n.title LIKE %(mark)s)
"""
WAITING_AT_ALL = """
SELECT count(*) FROM core_outboxevent e WHERE e.state IN ('pending', 'leased') AND e.available_at <= now()
"""
# What failed and rests before it is tried again, too; what was put off on purpose has not been tried.
UNFINISHED = """
SELECT count(*) FROM core_outboxevent e WHERE e.state IN ('pending', 'leased')
AND (e.available_at <= now() OR e.attempts > 0)
"""
DEAD = """
SELECT e.handler, e.attempts, e.crashes, e.last_error FROM core_outboxevent e
WHERE e.state = 'dead' AND NOT EXISTS (
  SELECT 1 FROM requests_need n WHERE n.id = (e.payload->>'need_id')::bigint AND n.title LIKE %(mark)s)
"""
POISON_DEAD = """
SELECT count(*) FROM core_outboxevent e JOIN requests_need n ON n.id = (e.payload->>'need_id')::bigint
WHERE e.handler LIKE '%%need_score' AND e.state = 'dead' AND e.crashes >= %(crashes)s AND n.title LIKE %(mark)s
"""
# From posted to matched, in seconds: p50, p95, p99, most. Once of all, once of those posted while a poison was about.
LATENCY = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.95, 0.99, 1.0])
       WITHIN GROUP (ORDER BY extract(epoch FROM e.done_at - e.created_at))
FROM core_outboxevent e WHERE e.state = 'done' AND e.handler LIKE '%%need_score'
"""
_BESIDE = """
EXISTS (SELECT 1 FROM core_outboxevent p JOIN requests_need n ON n.id = (p.payload->>'need_id')::bigint
        WHERE p.handler LIKE '%%need_score' AND n.title LIKE %(mark)s
        AND e.created_at BETWEEN p.created_at AND coalesce(p.dispatched_at, now()))
"""
LATENCY_BESIDE_POISON = f"{LATENCY} AND {_BESIDE}"
LATENCY_WITHOUT_POISON = f"{LATENCY} AND NOT {_BESIDE}"
RETRIED = "SELECT count(*) FROM core_outboxevent WHERE attempts > 1"
# Where the work is: rows, mean tries, and seconds from owed to done, by handler.
WORK = """
SELECT e.handler, count(*), avg(e.attempts), avg(e.crashes),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.done_at - e.created_at))
FROM core_outboxevent e GROUP BY e.handler ORDER BY 2 DESC
"""
# What has come of it all so far; where nothing is written down that is owed, standing still is all that shows the end.
EFFECTS = """
SELECT (SELECT count(*) FROM matching_scoringrun) + (SELECT count(*) FROM core_notification)
       + (SELECT count(*) FROM core_delivery) + (SELECT count(*) FROM core_delivery WHERE state = 'sent')
"""
