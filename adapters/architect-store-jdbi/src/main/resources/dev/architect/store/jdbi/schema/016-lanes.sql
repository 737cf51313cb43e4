-- Settings of queues and of their tenants. A lane is a task type within a queue, a tenant and a kind of session; its column type has all four in
-- one text, or the type alone in the default queue, of the default tenant and for the default kind of session.
-- Programs before this step claim from those default lanes only, without regard to settings.
-- readable from: 4

-- tenant is empty for a whole queue. next_start is when the next task may start by the rate, in microseconds since 1970.
CREATE TABLE lane_setting (
    queue ${text} NOT NULL,
    tenant ${text} NOT NULL,
    weight ${int} NOT NULL,
    max_running ${int},
    starts ${int},
    period ${long},
    max_waiting ${int},
    paused ${short} NOT NULL,
    next_start ${long} NOT NULL,
    PRIMARY KEY (queue, tenant)
)${clustered};

-- One row at most: rises with every change of a setting, in its transaction. A claim states which version it keeps to, 0 without a row.
CREATE TABLE lane_version (
    id ${key},
    version ${long} NOT NULL
);
