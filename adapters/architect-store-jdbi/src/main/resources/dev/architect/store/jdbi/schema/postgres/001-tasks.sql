-- Tasks and their attempts. Times are microseconds since 1970 by the store's clock, durations are microseconds.
-- No table refers to another by a foreign key: each check would cost a hot write a look-up. One transaction writes what belongs together.
-- readable from: 1

-- What a claim takes from in order: for now one lane for each task type.
CREATE TABLE lane (
    id bigint PRIMARY KEY,
    type text NOT NULL UNIQUE
);

-- The projects that tasks are filed under.
CREATE TABLE task_project (
    id bigint PRIMARY KEY,
    name text NOT NULL UNIQUE
);

-- Two updates in a normal life; no wide column, ever. The eight-byte columns come first, so that no row has padding.
-- state: 0 ready, 1 running, 2 scheduled, 5 held, 10 done, 11 dead, 12 cancelled.
-- flags: 1 cancel asked, 2 has an input, 4 has a key.
-- Free space is left in each page for the next version of its rows; the vacuum comes often, since every row is soon old.
CREATE TABLE task (
    id bigint PRIMARY KEY,
    epoch bigint NOT NULL,
    sort_key bigint NOT NULL,
    owner bigint,
    due_at bigint,
    claimed_at bigint,
    snoozed_at bigint,
    done_at bigint,
    created_at bigint NOT NULL,
    lane int NOT NULL,
    project int NOT NULL,
    snoozes int NOT NULL,
    state smallint NOT NULL,
    level smallint NOT NULL,
    flags smallint NOT NULL,
    attempt smallint NOT NULL,
    max_attempts smallint NOT NULL,
    crashes smallint NOT NULL
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0
);

-- The state is a literal in every statement: a bound one could not use these.
CREATE INDEX task_ready ON task (lane, sort_key, id) WHERE state = 0 AND crashes < 2;
-- Those that one more crash makes dead: claimed one at a time.
CREATE INDEX task_suspect ON task (lane, sort_key, id) WHERE state = 0 AND crashes >= 2;
CREATE INDEX task_running ON task (owner, id) WHERE state = 1;
CREATE INDEX task_scheduled ON task (due_at) WHERE state = 2;

-- Pages by type and state, and by project; those by time are found by the bodies, whose rows do not change. Every entry is one more
-- write for each version of a row, so tasks that wait to be claimed are in neither, and tasks that are done, which most become, in one:
-- those of all projects are read from each project.
CREATE INDEX task_page ON task (lane, state, id) WHERE state > 1 AND state <> 10;
CREATE INDEX task_project_page ON task (project, lane, state, id) WHERE state > 1;

-- How many tasks each lane has in each state: the changes that were added up, and those since.
CREATE TABLE task_count (
    lane int NOT NULL,
    state smallint NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (lane, state)
) WITH (fillfactor = 50);

-- Each transaction adds rows instead of changing one that others change, too.
CREATE SEQUENCE task_count_change_id CACHE 100;
CREATE TABLE task_count_change (
    id bigint PRIMARY KEY DEFAULT nextval('task_count_change_id'),
    n bigint NOT NULL,
    lane int NOT NULL,
    state smallint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

CREATE VIEW task_counted AS
    SELECT lane, state, sum(n)::bigint AS n
    FROM (SELECT lane, state, n FROM task_count UNION ALL SELECT lane, state, n FROM task_count_change) AS parts
    GROUP BY lane, state;

-- Attributes and tags are JSON objects of texts; none is NULL.
CREATE TABLE task_body (
    id bigint PRIMARY KEY,
    created_at bigint NOT NULL,
    timeout bigint NOT NULL,
    delay bigint NOT NULL,
    payload text NOT NULL,
    attributes text,
    user_id text,
    tags text
);

CREATE INDEX task_body_created ON task_body (created_at, id);

-- Those that have ended. The last one of a task that is done or dead holds its result, so that an end is one row and not two.
-- outcome: 1 succeeded, 2 failed, 3 timed out, 4 cancelled, 5 snoozed, 6 handed back, 7 lost, 8 needs input.
CREATE TABLE task_attempt (
    task_id bigint NOT NULL,
    epoch bigint NOT NULL,
    incarnation bigint NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    outcome smallint NOT NULL,
    session text NOT NULL,
    error text,
    output text,
    stop_reason text,
    PRIMARY KEY (task_id, epoch)
);

-- What a task was last resumed with.
CREATE TABLE task_input (
    id bigint PRIMARY KEY,
    input text NOT NULL
);

-- The key of a submission, unique in its project; the hash is SHA-256 of the whole request.
CREATE TABLE idempotency_key (
    project int NOT NULL,
    name text NOT NULL,
    request_hash text NOT NULL,
    task_id bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (project, name)
);

CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);

-- Numbers that were handed out are never handed out again. Those of tasks come in blocks.
CREATE SEQUENCE task_number MINVALUE 1 INCREMENT BY 1024;
CREATE SEQUENCE incarnation_number;
CREATE SEQUENCE lane_number;
CREATE SEQUENCE project_number;
