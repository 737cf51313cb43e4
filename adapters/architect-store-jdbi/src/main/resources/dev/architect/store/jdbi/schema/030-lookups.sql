-- Calls are found by their ids, which are random and of 32 characters: an index of the last six takes a quarter of the place of one of whole ids, and is
-- as selective for some ten million calls. Most calls are the first of their request and have its id; the index of requests has the others alone.
-- Records of decisions are found by their requests in the same way.
-- Parts of exports: each is compressed by itself, and all of them one after the other are one compressed file. Programs before this step leave them alone.
-- The indexes are built once, which takes some seconds for a million calls.
-- readable from: 20

CREATE INDEX ledger_id ON ledger (substr(call_id, -6));
CREATE INDEX ledger_request ON ledger (request_id) WHERE request_id <> call_id;
CREATE INDEX decision_request ON decision (substr(request_id, -6));

CREATE TABLE export_part (
    export_id ${text} NOT NULL,
    number ${int} NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (export_id, number)
);
