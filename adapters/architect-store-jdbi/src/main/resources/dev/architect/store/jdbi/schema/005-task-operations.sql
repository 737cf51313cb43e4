-- Answers of people, and submissions that may be repeated. Times are microseconds since 1970 by the store's clock.
-- State 5 of a task is held, outcome 8 of an attempt is needs input; flag 2 of a task is that it has an input, flag 4 that it has a key.
-- Programs before this step do not know that state and that outcome, and could not read such rows.
-- readable from: 5

-- What a task was last resumed with.
CREATE TABLE task_input (
    id ${key},
    input ${text} NOT NULL
);

-- The key of a submission, unique in its project; the hash is SHA-256 of the whole request.
CREATE TABLE idempotency_key (
    project ${int} NOT NULL,
    name ${text} NOT NULL,
    request_hash ${text} NOT NULL,
    task_id ${long} NOT NULL,
    expires_at ${long} NOT NULL,
    PRIMARY KEY (project, name)
)${clustered};

CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
