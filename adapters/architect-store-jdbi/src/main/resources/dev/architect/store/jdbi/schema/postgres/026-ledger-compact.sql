-- A call leaves out what is usual, as on SQLite: a request with the id of its first call, an answer by the model that was called, plain input and
-- output tokens, ANSWERED, REPORTED and PRICED. Failed calls and later candidates keep the id of their request, by which they are found. Calls that
-- are there stay as they are. One index has both what the ids of calls and what their times are found by.
-- node.schema_step: the newest step that the program of a node knows; 0 for programs before this step, which expect every column.
-- ledger_folded.compact: 1 when calls leave out what is usual, and zeros of sums are NULL. The background work sets it when no node of a program before this step has
-- been there for an hour; from then on this step is readable from itself.
-- The index is built once, which takes some seconds for a million calls.
-- readable from: 4

ALTER TABLE ledger ALTER COLUMN request_id DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN answered_provider DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN answered_model DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN outcome DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN usage DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN usage_source DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN cost_status DROP NOT NULL;
ALTER TABLE ledger ALTER COLUMN baseline_status DROP NOT NULL;

ALTER TABLE ledger_sum ALTER COLUMN requests DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN calls DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN failed_calls DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN failovers DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN unpriced_calls DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN input_tokens DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN output_tokens DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN exact_millions DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN exact_rest DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN estimated_millions DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN estimated_rest DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN baseline_millions DROP NOT NULL;
ALTER TABLE ledger_sum ALTER COLUMN baseline_rest DROP NOT NULL;

ALTER TABLE ledger DROP CONSTRAINT ledger_pkey;
ALTER TABLE ledger ADD PRIMARY KEY (started_at, call_id);
DROP INDEX ledger_started;

ALTER TABLE node ADD COLUMN schema_step smallint NOT NULL DEFAULT 0;
ALTER TABLE ledger_folded ADD COLUMN compact smallint NOT NULL DEFAULT 0;
