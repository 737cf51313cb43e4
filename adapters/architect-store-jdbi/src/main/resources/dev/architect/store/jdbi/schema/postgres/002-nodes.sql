-- Nodes and their sessions. state: 0 live, 1 draining, 2 dead, 3 left. A node keeps its tasks until its lease ends.
-- readable from: 2

CREATE TABLE node (
    incarnation bigint PRIMARY KEY,
    beat bigint NOT NULL,
    lease_until bigint NOT NULL,
    joined_at bigint NOT NULL,
    ended_at bigint,
    state smallint NOT NULL,
    name text NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE session (
    incarnation bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    slots smallint NOT NULL,
    busy smallint NOT NULL,
    PRIMARY KEY (incarnation, name)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
