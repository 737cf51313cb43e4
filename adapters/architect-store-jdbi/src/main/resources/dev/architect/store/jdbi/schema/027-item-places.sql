-- Lists of items are found in one index, which has every column that a filter or an order names: of a hundred thousand items it has some ten
-- megabytes, the table some hundreds. Words are found by their first letters without going through all that begin so; where in a text they stand
-- is asked by nobody. Programs before this step read and write all of it as before.
-- readable from: 20

DROP INDEX item_place;
CREATE INDEX item_place ON item (project, column_id, position, id, number, kind, priority, severity, size, reporter, parent, milestone, blocked, due,
    created_at, updated_at);

CREATE VIRTUAL TABLE item_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0', detail = 'none', prefix = '1 2 3');
INSERT INTO item_words (rowid, words) SELECT rowid, words FROM item_text;
DROP TABLE item_text;
ALTER TABLE item_words RENAME TO item_text;
