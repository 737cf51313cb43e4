-- Which tasks wait for which others. The number of open parents of a task is in its row and falls with the end of each: an edge is counted
-- once. It is null for tasks without parents. Flag 32 of a task is that others wait for it, or have waited.
-- on_failure: 0 block, 1 cancel, 2 proceed. number: the place of the parent among those of its child.
-- Programs before this step end parents without looking at their children; the sweep of a later one does.
-- readable from: 4

ALTER TABLE task ADD COLUMN pending int;

CREATE TABLE task_dep (
    parent bigint NOT NULL,
    child bigint NOT NULL,
    number int NOT NULL,
    on_failure smallint NOT NULL,
    released smallint NOT NULL,
    PRIMARY KEY (parent, child)
);

CREATE INDEX task_dep_child ON task_dep (child, number);
-- Those that are still waited for.
CREATE INDEX task_dep_open ON task_dep (parent) WHERE released = 0;
