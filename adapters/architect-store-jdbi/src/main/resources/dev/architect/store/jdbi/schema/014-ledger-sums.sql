-- Sums of the calls that began before ledger_folded.until, by hour (0), day (1) and block of 32 days (2), which all begin with 1970, and for each
-- dimension: provider 0, model 1, project 2, user 3, complexity 4, outcome 5, cost status 6. Amounts are kept in millions of pico-dollars and the
-- rest. What is not in them yet stands in ledger_pending: calls that were recorded late (part 0), answers whose attempt has not ended (1) and
-- failovers that were found later (2). They are made from the ledger in the background, also for calls of earlier versions.
-- readable from: 14

CREATE TABLE ledger_sum (
    grain ${short} NOT NULL,
    dimension ${short} NOT NULL,
    begins_at ${long} NOT NULL,
    value ${text} NOT NULL,
    requests ${long} NOT NULL,
    calls ${long} NOT NULL,
    failed_calls ${long} NOT NULL,
    failovers ${long} NOT NULL,
    unpriced_calls ${long} NOT NULL,
    input_tokens ${long} NOT NULL,
    output_tokens ${long} NOT NULL,
    exact_millions ${long} NOT NULL,
    exact_rest ${long} NOT NULL,
    estimated_millions ${long} NOT NULL,
    estimated_rest ${long} NOT NULL,
    baseline_millions ${long} NOT NULL,
    baseline_rest ${long} NOT NULL,
    latency BLOB,
    PRIMARY KEY (grain, dimension, begins_at, value)
)${clustered};

CREATE TABLE ledger_pending (
    started_at ${long} NOT NULL,
    sequence ${long} NOT NULL,
    part ${short} NOT NULL,
    PRIMARY KEY (started_at, sequence, part)
)${clustered};

CREATE TABLE ledger_folded (
    id ${short} PRIMARY KEY,
    until ${long} NOT NULL
);
INSERT INTO ledger_folded (id, until) VALUES (1, 0);

CREATE INDEX ledger_failover ON ledger (request_id) WHERE outcome = 'FAILED' OR position > 0;
