-- Tasks and their attempts. Times are microseconds since 1970 by the store's clock, durations are microseconds.
-- readable from: 1

-- Two updates in a normal life; no wide column, ever.
-- state: 0 ready, 1 running, 2 scheduled, 10 done, 11 dead, 12 cancelled. flags: 1 cancel asked.
CREATE TABLE task (
    id ${key},
    epoch ${long} NOT NULL,
    sort_key ${long} NOT NULL,
    owner ${long},
    due_at ${long},
    claimed_at ${long},
    snoozed_at ${long},
    done_at ${long},
    created_at ${long} NOT NULL,
    state ${short} NOT NULL,
    level ${short} NOT NULL,
    flags ${short} NOT NULL,
    attempt ${short} NOT NULL,
    max_attempts ${short} NOT NULL,
    crashes ${short} NOT NULL,
    type ${text} NOT NULL,
    project ${text} NOT NULL,
    stop_reason ${text}
)${narrow};

-- The state is a literal in every statement: a bound one could not use these.
CREATE INDEX task_ready ON task (type, sort_key, id) WHERE state = 0;
CREATE INDEX task_running ON task (owner, id) WHERE state = 1;
CREATE INDEX task_scheduled ON task (due_at) WHERE state = 2;
CREATE INDEX task_ended ON task (state, id) WHERE state >= 10;

-- Attributes and tags are JSON objects of texts; none is NULL.
CREATE TABLE task_body (
    id ${key} REFERENCES task (id),
    payload ${text} NOT NULL,
    attributes ${text},
    user_id ${text},
    tags ${text},
    timeout ${long} NOT NULL,
    delay ${long} NOT NULL
);

CREATE TABLE task_result (
    id ${key} REFERENCES task (id),
    epoch ${long} NOT NULL,
    output ${text},
    error ${text}
);

CREATE TABLE task_attempt (
    task_id ${long} NOT NULL REFERENCES task (id),
    epoch ${long} NOT NULL,
    incarnation ${long} NOT NULL,
    session ${text} NOT NULL,
    started_at ${long} NOT NULL,
    ended_at ${long} NOT NULL,
    outcome ${text} NOT NULL,
    error ${text},
    PRIMARY KEY (task_id, epoch)
)${clustered};

-- Numbers that were handed out are never handed out again.
CREATE TABLE id_block (
    name ${text} PRIMARY KEY,
    next ${long} NOT NULL
)${clustered};
INSERT INTO id_block (name, next) VALUES ('task', 1);
INSERT INTO id_block (name, next) VALUES ('incarnation', 1);
