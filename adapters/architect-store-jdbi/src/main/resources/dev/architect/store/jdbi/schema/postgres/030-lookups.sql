-- Calls are found by their ids, which are random and of 32 hexadecimal digits, in whatever month they are. An index of the last five has each value several
-- times among millions of calls and stores it once, so it takes a third of the place of a hash index; the few calls of a value are looked at. Most calls
-- are the first of their request and have its id; the index of requests has the others alone. Records of decisions are found by their requests in the same way.
-- Parts of exports: each is compressed by itself, and all of them one after the other are one compressed file. Programs before this step leave them alone.
-- The indexes are built once, which takes some seconds for a million calls; calls are recorded afterwards.
-- readable from: 4

CREATE INDEX ledger_id ON ledger (right(call_id, 5));
CREATE INDEX ledger_request ON ledger (request_id) WHERE request_id <> call_id;
CREATE INDEX decision_request ON decision (right(request_id, 5));

CREATE TABLE export_part (
    export_id text NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (export_id, number)
);
-- What is compressed is not compressed once more.
ALTER TABLE export_part ALTER COLUMN content SET STORAGE EXTERNAL;
