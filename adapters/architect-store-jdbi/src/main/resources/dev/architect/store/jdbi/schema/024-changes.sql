-- The log of changes.
-- readable from: 20

-- sequence: without a gap, since one transaction at a time adds rows and the newest ones are never deleted.
-- keys: a JSON list of texts.
CREATE TABLE change_log (
    sequence ${key},
    topic ${short} NOT NULL,
    keys ${text} NOT NULL
);

-- One row. era: begins anywhere, so that no two databases have the same.
CREATE TABLE change_era (
    id ${key},
    era ${long} NOT NULL
);
INSERT INTO change_era (id, era) VALUES (1, abs(random() % 4611686018427387904));
