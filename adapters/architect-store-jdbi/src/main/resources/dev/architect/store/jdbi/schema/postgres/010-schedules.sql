-- Tasks that come again and again. Times are microseconds since 1970 by the clock of the database.
-- readable from: 4

-- spec: what is submitted and when, as a JSON object. next_at: NULL while it does not fire. last_at: the last instant that is over.
-- version: rises with each change and each firing. runs: how often it has fired.
CREATE TABLE recurring (
    id bigint PRIMARY KEY,
    next_at bigint,
    last_at bigint,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    runs bigint NOT NULL,
    paused smallint NOT NULL,
    name text COLLATE "C" NOT NULL UNIQUE,
    spec text NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE INDEX recurring_due ON recurring (next_at) WHERE next_at IS NOT NULL;

-- The last firings of each schedule. task_id: NULL when no task could be submitted, for the reason in the note.
CREATE TABLE recurring_run (
    schedule bigint NOT NULL,
    number bigint NOT NULL,
    instant_at bigint NOT NULL,
    fired_at bigint NOT NULL,
    task_id bigint,
    note text NOT NULL,
    PRIMARY KEY (schedule, number)
);

CREATE SEQUENCE recurring_number;
