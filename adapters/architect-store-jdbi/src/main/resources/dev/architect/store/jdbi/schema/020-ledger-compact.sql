-- A call leaves out what is usual, to take half of the place: a request with the id of its first call, an answer by the model that was called, plain
-- input and output tokens, ANSWERED, REPORTED and PRICED. Failed calls and later candidates keep the id of their request, by which they are found.
-- One index has both what the ids of calls and what their times are found by: the id of a call is unique as long as one call has one time.
-- Sums by minute (grain 3) are those of the calls that began from ledger_folded.minutes_from on, the last two days.
-- The ledger is rewritten once, which takes some seconds for a million calls.
-- readable from: 20

DROP INDEX ledger_started;
DROP INDEX ledger_task;
DROP INDEX ledger_failover;
ALTER TABLE ledger RENAME TO ledger_before;

CREATE TABLE ledger (
    sequence ${sequence},
    call_id ${text} NOT NULL,
    request_id ${text},
    started_at ${long} NOT NULL,
    duration ${long} NOT NULL,
    task_id ${long},
    epoch ${long} NOT NULL,
    project ${text} NOT NULL,
    user_id ${text},
    tags ${text},
    complexity ${text} NOT NULL,
    position ${short} NOT NULL,
    provider ${text} NOT NULL,
    model ${text} NOT NULL,
    answered_provider ${text},
    answered_model ${text},
    outcome ${text},
    failure ${text},
    usage ${text},
    usage_source ${text},
    prompt_tokens ${long} NOT NULL,
    completion_tokens ${long} NOT NULL,
    cost_status ${text},
    cost ${long},
    computed ${long},
    baseline_status ${text},
    baseline ${long},
    catalogue ${text} NOT NULL,
    stop_reason ${text},
    service_tier ${text},
    region ${text},
    provider_request_id ${text}
);
INSERT INTO ledger (sequence, call_id, request_id, started_at, duration, task_id, epoch, project, user_id, tags, complexity, position, provider, model,
    answered_provider, answered_model, outcome, failure, usage, usage_source, prompt_tokens, completion_tokens, cost_status, cost, computed,
    baseline_status, baseline, catalogue, stop_reason, service_tier, region, provider_request_id)
SELECT sequence, call_id, CASE WHEN request_id = call_id AND outcome <> 'FAILED' AND position = 0 THEN NULL ELSE request_id END, started_at, duration,
    task_id, epoch, project, user_id, tags, complexity, position, provider, model, nullif(answered_provider, provider), nullif(answered_model, model),
    nullif(outcome, 'ANSWERED'), failure,
    nullif(usage, '{"input":' || prompt_tokens || ',"output":' || completion_tokens || '}'), nullif(usage_source, 'REPORTED'),
    prompt_tokens, completion_tokens, nullif(cost_status, 'PRICED'), cost, computed, nullif(baseline_status, 'PRICED'), baseline, catalogue, stop_reason,
    service_tier, region, provider_request_id
FROM ledger_before ORDER BY sequence;
DROP TABLE ledger_before;

CREATE UNIQUE INDEX ledger_call ON ledger (started_at, call_id);
CREATE INDEX ledger_task ON ledger (task_id, started_at) WHERE task_id IS NOT NULL;
CREATE INDEX ledger_failover ON ledger (request_id) WHERE outcome = 'FAILED' OR position > 0;

ALTER TABLE ledger_folded ADD COLUMN minutes_from ${long} NOT NULL DEFAULT 0;
UPDATE ledger_folded SET minutes_from = (until + 59999999) / 60000000 * 60000000;
