-- How many tasks with one key may be ready or run at once. The number of a key is a hash of its project and its name, so that whoever
-- submits looks nothing up. A row without a name has no rule of its own: it is there to be locked.
-- readable from: 4

ALTER TABLE task ADD COLUMN limit_key bigint;

CREATE TABLE key_limit (
    id bigint PRIMARY KEY,
    max_running int NOT NULL,
    project text COLLATE "C",
    name text COLLATE "C"
);

CREATE UNIQUE INDEX key_limit_rule ON key_limit (project, name) WHERE name IS NOT NULL;
-- Those that wait for a permit, and those that have one.
CREATE INDEX task_limited ON task (limit_key, sort_key, id) WHERE state = 4;
CREATE INDEX task_permit ON task (limit_key) WHERE limit_key IS NOT NULL AND state >= 0 AND state < 2;
