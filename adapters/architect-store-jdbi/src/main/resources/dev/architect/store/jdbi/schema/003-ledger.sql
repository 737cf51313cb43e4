-- Calls to providers. Amounts are whole pico-dollars; no amount means unpriced, which is not zero.
-- Usage is a JSON object of counts by bucket, tags one of texts.
-- readable from: 3

CREATE TABLE ledger (
    sequence ${sequence},
    call_id ${text} NOT NULL UNIQUE,
    request_id ${text} NOT NULL,
    task_id ${long},
    epoch ${long} NOT NULL,
    project ${text} NOT NULL,
    user_id ${text},
    tags ${text},
    complexity ${text} NOT NULL,
    position ${short} NOT NULL,
    provider ${text} NOT NULL,
    model ${text} NOT NULL,
    answered_provider ${text} NOT NULL,
    answered_model ${text} NOT NULL,
    started_at ${long} NOT NULL,
    duration ${long} NOT NULL,
    outcome ${text} NOT NULL,
    failure ${text},
    usage ${text} NOT NULL,
    usage_source ${text} NOT NULL,
    prompt_tokens ${long} NOT NULL,
    completion_tokens ${long} NOT NULL,
    cost_status ${text} NOT NULL,
    cost ${long},
    computed ${long},
    baseline_status ${text} NOT NULL,
    baseline ${long},
    catalogue ${text} NOT NULL,
    stop_reason ${text}
);
CREATE INDEX ledger_started ON ledger (started_at, sequence);
CREATE INDEX ledger_task ON ledger (task_id, started_at) WHERE task_id IS NOT NULL;
