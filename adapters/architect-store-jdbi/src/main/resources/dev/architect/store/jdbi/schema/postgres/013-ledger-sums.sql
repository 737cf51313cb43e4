-- Sums of the calls that began before ledger_folded.until, by hour (0), day (1) and block of 32 days (2), which all begin with 1970, and for each
-- dimension: provider 0, model 1, project 2, user 3, complexity 4, outcome 5, cost status 6. Amounts are kept in millions of pico-dollars and the
-- rest. What is not in them yet stands in ledger_pending: calls that were recorded late (part 0), answers whose attempt has not ended (1) and
-- failovers that were found later (2). They are made from the ledger in the background, also for calls of earlier versions.
-- readable from: 4

CREATE TABLE ledger_sum (
    grain smallint NOT NULL,
    dimension smallint NOT NULL,
    begins_at bigint NOT NULL,
    value text NOT NULL,
    requests bigint NOT NULL,
    calls bigint NOT NULL,
    failed_calls bigint NOT NULL,
    failovers bigint NOT NULL,
    unpriced_calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    exact_millions bigint NOT NULL,
    exact_rest bigint NOT NULL,
    estimated_millions bigint NOT NULL,
    estimated_rest bigint NOT NULL,
    baseline_millions bigint NOT NULL,
    baseline_rest bigint NOT NULL,
    latency bytea,
    PRIMARY KEY (grain, dimension, begins_at, value)
);

CREATE TABLE ledger_pending (
    started_at bigint NOT NULL,
    sequence bigint NOT NULL,
    part smallint NOT NULL,
    PRIMARY KEY (started_at, sequence, part)
);

CREATE TABLE ledger_folded (
    id smallint PRIMARY KEY,
    until bigint NOT NULL
);
INSERT INTO ledger_folded (id, until) VALUES (1, 0);

CREATE INDEX ledger_failover ON ledger (request_id) WHERE outcome = 'FAILED' OR position > 0;
