-- What nodes state about themselves, the roles that one of them holds, what all of them share, and messages between them. Times are
-- microseconds since 1970 by the clock of the host.
-- readable from: 5

-- A JSON object, and what the node carried at its last beat. orders: 0 work, 1 cordon, 2 drain; a node with an order is draining.
ALTER TABLE node ADD COLUMN info ${text};
ALTER TABLE node ADD COLUMN running ${int} NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN slots ${int} NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN orders ${short} NOT NULL DEFAULT 0;

-- The holder is an incarnation, 0 for none. The epoch rises with each new holder and never falls.
CREATE TABLE node_role (
    name ${text} NOT NULL PRIMARY KEY,
    epoch ${long} NOT NULL,
    holder ${long} NOT NULL
)${clustered};

CREATE TABLE shared_document (
    name ${text} NOT NULL PRIMARY KEY,
    version ${long} NOT NULL,
    content ${text} NOT NULL
);

-- The receiver is empty in a message to all.
CREATE TABLE node_message (
    number ${sequence},
    posted_at ${long} NOT NULL,
    sender ${text} NOT NULL,
    receiver ${text} NOT NULL,
    content BLOB NOT NULL
);

CREATE TABLE store_identity (
    id ${text} NOT NULL
);

INSERT INTO store_identity (id) VALUES (lower(hex(randomblob(16))));

-- What this store does with each virtual shard; empty in a store that is not one of several. phase: 0 served, 1 leaving, 2 gone, 3 arriving.
-- store: the number of this store in its group, in every row. A task on its way to another store has the state -1 - state.
CREATE TABLE shard_place (
    shard ${key},
    epoch ${long} NOT NULL,
    phase ${short} NOT NULL,
    store ${short} NOT NULL
);

-- Read by every claim, and usually empty.
CREATE INDEX shard_place_closed ON shard_place (shard) WHERE phase <> 0;
