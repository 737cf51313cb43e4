-- A key that at most one unfinished task of a project has, and when a task is given up: if it waits at expire_at, and in any case at
-- ends_by. Both are NULL for nearly all tasks. The states below 0 are those of tasks that leave for another store.
-- readable from: 10

ALTER TABLE task ADD COLUMN unique_key ${text};
ALTER TABLE task ADD COLUMN expire_at ${long};
ALTER TABLE task ADD COLUMN ends_by ${long};

CREATE UNIQUE INDEX task_unique ON task (project, unique_key) WHERE unique_key IS NOT NULL AND state < 10 AND state > -11;
CREATE INDEX task_expiry ON task (expire_at) WHERE expire_at IS NOT NULL AND state <> 1 AND state >= 0 AND state < 10;

-- With the deadline, which a claim looks at, so that it reads no row that it does not take.
DROP INDEX task_ready;
CREATE INDEX task_ready ON task (lane, sort_key, id, crashes, expire_at) WHERE state = 0 AND crashes < 2;
DROP INDEX task_suspect;
CREATE INDEX task_suspect ON task (lane, sort_key, id, crashes, expire_at) WHERE state = 0 AND crashes >= 2;
