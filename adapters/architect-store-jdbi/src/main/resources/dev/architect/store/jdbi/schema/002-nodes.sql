-- Nodes and their sessions. state: 0 live, 1 draining, 2 dead, 3 left.
-- readable from: 2

CREATE TABLE node (
    incarnation ${key},
    name ${text} NOT NULL,
    state ${short} NOT NULL,
    beat ${long} NOT NULL,
    joined_at ${long} NOT NULL,
    ended_at ${long}
);

CREATE TABLE session (
    incarnation ${long} NOT NULL,
    name ${text} NOT NULL,
    kind ${text} NOT NULL,
    slots ${short} NOT NULL,
    busy ${short} NOT NULL,
    PRIMARY KEY (incarnation, name)
)${clustered};
