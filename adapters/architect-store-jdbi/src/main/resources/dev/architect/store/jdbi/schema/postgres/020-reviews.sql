-- Reviews, their comments, approval rules and recorded decisions. Times are microseconds since 1970 by the clock of the database.
-- readable from: 4

-- live: whether something may still come of it, 1 or 0. settled: whether nothing will happen to it any more. subject: what reviews of one
-- action of one requester have in common. answer: 1 approved, 0 denied, NULL for neither. body: everything else, as a JSON object.
CREATE TABLE review (
    id bigint PRIMARY KEY,
    task_id bigint,
    decided_at bigint,
    version bigint NOT NULL,
    live smallint NOT NULL,
    settled smallint NOT NULL,
    answer smallint,
    state text NOT NULL,
    kind text NOT NULL,
    project text,
    requester text NOT NULL,
    subject text NOT NULL,
    shape text NOT NULL,
    body text NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX review_state ON review (state, id);
CREATE INDEX review_unsettled ON review (id) WHERE settled = 0;
CREATE UNIQUE INDEX review_live ON review (subject) WHERE live = 1;
CREATE INDEX review_subject ON review (subject, id);
CREATE INDEX review_decided ON review (decided_at, id) WHERE decided_at IS NOT NULL;
CREATE INDEX review_shape ON review (shape, answer) WHERE answer IS NOT NULL;
CREATE INDEX review_task ON review (task_id, id) WHERE task_id IS NOT NULL;

CREATE TABLE review_comment (
    review bigint NOT NULL,
    id bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (review, id)
);

-- run: the run with which it ends; NULL for one that stays.
CREATE TABLE approval_rule (
    id text COLLATE "C" PRIMARY KEY,
    run text,
    version bigint NOT NULL,
    body text NOT NULL
);

CREATE INDEX approval_rule_run ON approval_rule (run) WHERE run IS NOT NULL;

-- What rules have decided. review: the review that was asked for it. answer: as in that review.
CREATE TABLE approval_decision (
    id bigint PRIMARY KEY,
    at bigint NOT NULL,
    review bigint,
    answer smallint,
    body text NOT NULL
);

CREATE INDEX approval_decision_at ON approval_decision (at);
CREATE INDEX approval_decision_review ON approval_decision (review) WHERE review IS NOT NULL;

CREATE SEQUENCE review_number;
