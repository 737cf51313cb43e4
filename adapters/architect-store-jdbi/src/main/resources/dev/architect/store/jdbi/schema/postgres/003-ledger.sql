-- Calls to providers. Amounts are whole pico-dollars; no amount means unpriced, which is not zero.
-- Usage is a JSON object of counts by bucket, tags one of texts.
-- One partition for each month of the calls' begin, made ahead; what has none goes to the default one. The id of a call is unique as
-- long as one call has one time.
-- readable from: 3

CREATE SEQUENCE ledger_sequence CACHE 50;

CREATE TABLE ledger (
    sequence bigint NOT NULL DEFAULT nextval('ledger_sequence'),
    task_id bigint,
    epoch bigint NOT NULL,
    started_at bigint NOT NULL,
    duration bigint NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cost bigint,
    computed bigint,
    baseline bigint,
    position smallint NOT NULL,
    call_id text NOT NULL,
    request_id text NOT NULL,
    project text NOT NULL,
    user_id text,
    tags text,
    complexity text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    answered_provider text NOT NULL,
    answered_model text NOT NULL,
    outcome text NOT NULL,
    failure text,
    usage text NOT NULL,
    usage_source text NOT NULL,
    cost_status text NOT NULL,
    baseline_status text NOT NULL,
    catalogue text NOT NULL,
    stop_reason text,
    PRIMARY KEY (call_id, started_at)
) PARTITION BY RANGE (started_at);

CREATE INDEX ledger_started ON ledger (started_at, sequence);
CREATE INDEX ledger_task ON ledger (task_id, started_at) WHERE task_id IS NOT NULL;

CREATE TABLE ledger_default PARTITION OF ledger DEFAULT;
