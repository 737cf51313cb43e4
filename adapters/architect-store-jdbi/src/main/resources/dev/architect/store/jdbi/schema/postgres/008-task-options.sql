-- What a task is given beyond its work, as a JSON object; NULL when nothing is special.
-- State 3 of a task is blocked, 4 is limited, 13 is expired. Programs before this step do not know these states,
-- which no task is in before its submission uses what this step brings: that waits until every node has been upgraded.
-- readable from: 4

ALTER TABLE task_body ADD COLUMN options text;
