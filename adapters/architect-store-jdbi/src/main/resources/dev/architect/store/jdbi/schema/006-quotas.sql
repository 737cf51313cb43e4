-- Limits that several nodes share. Times are microseconds since 1970 by the store's clock.
-- readable from: 5

-- clock_at: the latest time that was seen; it never runs backwards for a quota.
CREATE TABLE shared_quota (
    id ${key},
    name ${text} NOT NULL UNIQUE,
    clock_at ${long} NOT NULL
);

-- Units that were used, by slot of the period.
CREATE TABLE quota_use (
    quota ${long} NOT NULL,
    slot ${long} NOT NULL,
    units ${long} NOT NULL,
    PRIMARY KEY (quota, slot)
)${clustered};

-- What each node may use; the epoch rises with each grant.
CREATE TABLE quota_slice (
    quota ${long} NOT NULL,
    holder ${long} NOT NULL,
    epoch ${long} NOT NULL,
    units ${long} NOT NULL,
    valid_until ${long} NOT NULL,
    PRIMARY KEY (quota, holder)
)${clustered};

INSERT INTO id_block (name, next) VALUES ('quota_holder', 1);
