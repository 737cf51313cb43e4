-- Tasks that come again and again. Times are microseconds since 1970 by the store's clock.
-- readable from: 10

-- spec: what is submitted and when, as a JSON object. next_at: NULL while it does not fire. last_at: the last instant that is over.
-- version: rises with each change and each firing. runs: how often it has fired.
CREATE TABLE recurring (
    id ${key},
    name ${text} NOT NULL UNIQUE,
    spec ${text} NOT NULL,
    paused ${short} NOT NULL,
    next_at ${long},
    last_at ${long},
    created_at ${long} NOT NULL,
    version ${long} NOT NULL,
    runs ${long} NOT NULL
);

CREATE INDEX recurring_due ON recurring (next_at) WHERE next_at IS NOT NULL;

-- The last firings of each schedule. task_id: NULL when no task could be submitted, for the reason in the note.
CREATE TABLE recurring_run (
    schedule ${long} NOT NULL,
    number ${long} NOT NULL,
    instant_at ${long} NOT NULL,
    fired_at ${long} NOT NULL,
    task_id ${long},
    note ${text} NOT NULL,
    PRIMARY KEY (schedule, number)
)${clustered};

INSERT INTO id_block (name, next) VALUES ('recurring', 1);
