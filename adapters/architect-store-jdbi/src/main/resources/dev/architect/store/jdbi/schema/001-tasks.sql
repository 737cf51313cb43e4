-- Tasks and their attempts. Times are microseconds since 1970 by the store's clock, durations are microseconds.
-- No table refers to another by a foreign key: each check would cost a hot write a look-up. One transaction writes what belongs together.
-- readable from: 1

-- What a claim takes from in order: for now one lane for each task type.
CREATE TABLE lane (
    id ${key},
    type ${text} NOT NULL UNIQUE
);

-- The projects that tasks are filed under.
CREATE TABLE task_project (
    id ${key},
    name ${text} NOT NULL UNIQUE
);

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
    lane ${int} NOT NULL,
    project ${int} NOT NULL,
    state ${short} NOT NULL,
    level ${short} NOT NULL,
    flags ${short} NOT NULL,
    attempt ${short} NOT NULL,
    max_attempts ${short} NOT NULL,
    crashes ${short} NOT NULL,
    snoozes ${int} NOT NULL
)${narrow};

-- The state is a literal in every statement: a bound one could not use these.
-- The crashes are a column too, because SQLite looks at them again.
CREATE INDEX task_ready ON task (lane, sort_key, id, crashes) WHERE state = 0 AND crashes < 2;
-- Those that one more crash makes dead: claimed one at a time.
CREATE INDEX task_suspect ON task (lane, sort_key, id, crashes) WHERE state = 0 AND crashes >= 2;
CREATE INDEX task_running ON task (owner, id) WHERE state = 1;
CREATE INDEX task_scheduled ON task (due_at) WHERE state = 2;

-- Pages by type and state, by project, by time. Running tasks are few.
CREATE INDEX task_page ON task (lane, state, id) WHERE state <> 1;
CREATE INDEX task_project_page ON task (project, lane, state, id) WHERE state <> 1;
CREATE INDEX task_created ON task (created_at, id);

-- How many tasks each lane has in each state, changed in the transaction of the change itself.
CREATE TABLE task_count (
    lane ${int} NOT NULL,
    state ${short} NOT NULL,
    n ${long} NOT NULL,
    PRIMARY KEY (lane, state)
)${clustered};

-- Attributes and tags are JSON objects of texts; none is NULL.
CREATE TABLE task_body (
    id ${key},
    payload ${text} NOT NULL,
    attributes ${text},
    user_id ${text},
    tags ${text},
    timeout ${long} NOT NULL,
    delay ${long} NOT NULL
);

CREATE TABLE task_result (
    id ${key},
    epoch ${long} NOT NULL,
    output ${text},
    error ${text},
    stop_reason ${text}
);

-- outcome: 1 succeeded, 2 failed, 3 timed out, 4 cancelled, 5 snoozed, 6 handed back, 7 lost.
CREATE TABLE task_attempt (
    task_id ${long} NOT NULL,
    epoch ${long} NOT NULL,
    incarnation ${long} NOT NULL,
    session ${text} NOT NULL,
    started_at ${long} NOT NULL,
    ended_at ${long} NOT NULL,
    outcome ${short} NOT NULL,
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
INSERT INTO id_block (name, next) VALUES ('lane', 1);
INSERT INTO id_block (name, next) VALUES ('project', 1);
