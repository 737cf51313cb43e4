-- Lists of items are found in one index, which has every column that a filter or an order names: of a hundred thousand items it has some ten
-- megabytes, the table some hundreds. Programs before this step read and write all of it as before.
-- readable from: 4

DROP INDEX item_place;
CREATE INDEX item_place ON item (project, column_id, position, id) INCLUDE (number, kind, priority, severity, size, reporter, parent, milestone,
    blocked, due, created_at, updated_at);
