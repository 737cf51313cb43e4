-- What decided where an attempt ran, a JSON object; NULL when it had not begun, or its node could not record it.
-- Flag 16384 of a task is that it has an affinity key, whose bucket, 0 to 63, is in the flags from 256 to 8192.
-- readable from: 17

ALTER TABLE task_attempt ADD COLUMN basis ${text};
