-- A list of all items in the order of their places begins in an index of its own, as every other order does. Programs before this step read and
-- write as before.
-- readable from: 4

CREATE INDEX item_position ON item (project, position, id);
