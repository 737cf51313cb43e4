-- The log of changes.
-- readable from: 4

-- What was changed by transactions that are committed, and has no number yet. A transaction adds a row, and no two of them meet.
CREATE SEQUENCE change_pending_id;
CREATE TABLE change_pending (
    id bigint PRIMARY KEY DEFAULT nextval('change_pending_id'),
    topic smallint NOT NULL,
    keys text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

-- sequence: without a gap, and none becomes visible after a higher one: whoever gives numbers holds the row of change_era.
-- keys: a JSON list of texts.
CREATE TABLE change_log (
    sequence bigint PRIMARY KEY,
    topic smallint NOT NULL,
    keys text NOT NULL
);

-- One row. era: begins anywhere, so that no two databases have the same. last: the last number that was given.
CREATE TABLE change_era (
    id bigint PRIMARY KEY,
    era bigint NOT NULL,
    last bigint NOT NULL
);
INSERT INTO change_era (id, era, last) VALUES (1, (random() * 4503599627370496)::bigint, 0);
