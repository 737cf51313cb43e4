-- The activity log.
-- readable from: 4

CREATE TABLE activity (
    sequence ${sequence},
    at ${long} NOT NULL,
    kind ${text} NOT NULL,
    task_id ${long},
    text ${text} NOT NULL
);

-- Entries of one kind, newest first.
CREATE INDEX activity_kind ON activity (kind, sequence);
