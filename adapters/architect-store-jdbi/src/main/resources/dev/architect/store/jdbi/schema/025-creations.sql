-- Answers of creations by their keys, kept for a day. Times are microseconds since 1970. Programs before this step know none of them.
-- readable from: 20

-- The id is the SHA-256 of caller, operation and key. A row is there with its answer when the transaction that creates is committed.
CREATE TABLE creation (
    id ${text} NOT NULL PRIMARY KEY,
    request_hash ${text} NOT NULL,
    status ${int} NOT NULL,
    headers ${text} NOT NULL,
    body ${text} NOT NULL,
    ends_at ${long} NOT NULL
)${clustered};
CREATE INDEX creation_end ON creation (ends_at);
