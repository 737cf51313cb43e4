-- Durable steps of tasks, their progress, and what running attempts have written so far. Times are microseconds since 1970, of progress by the
-- clock of the node. Flag 16 of a task is that it has any of these.
-- The number of a part of the output is its place in the attempt plus 100,000 for each epoch.
-- Programs before this step would leave the rows behind when they delete a task; they read everything else.
-- readable from: 4

CREATE TABLE task_step (
    task_id bigint NOT NULL,
    step text NOT NULL,
    number int NOT NULL,
    epoch bigint NOT NULL,
    recorded_at bigint NOT NULL,
    output text NOT NULL,
    PRIMARY KEY (task_id, step)
);

CREATE TABLE task_progress (
    task_id bigint PRIMARY KEY,
    percent int NOT NULL,
    note text NOT NULL,
    data text,
    at bigint NOT NULL
);

CREATE TABLE task_output (
    task_id bigint NOT NULL,
    number bigint NOT NULL,
    chunk text NOT NULL,
    PRIMARY KEY (task_id, number)
);
