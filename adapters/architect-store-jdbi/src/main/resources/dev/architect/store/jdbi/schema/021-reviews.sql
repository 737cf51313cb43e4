-- Reviews, their comments, approval rules and recorded decisions. Times are microseconds since 1970 by the store's clock.
-- readable from: 20

-- live: whether something may still come of it, 1 or 0. settled: whether nothing will happen to it any more. subject: what reviews of one
-- action of one requester have in common. answer: 1 approved, 0 denied, NULL for neither. body: everything else, as a JSON object.
CREATE TABLE review (
    id ${key},
    state ${text} NOT NULL,
    kind ${text} NOT NULL,
    live ${short} NOT NULL,
    settled ${short} NOT NULL,
    project ${text},
    requester ${text} NOT NULL,
    task_id ${long},
    subject ${text} NOT NULL,
    shape ${text} NOT NULL,
    answer ${short},
    decided_at ${long},
    version ${long} NOT NULL,
    body ${text} NOT NULL
);

CREATE INDEX review_state ON review (state, id);
CREATE INDEX review_unsettled ON review (id) WHERE settled = 0;
CREATE UNIQUE INDEX review_live ON review (subject) WHERE live = 1;
CREATE INDEX review_subject ON review (subject, id);
CREATE INDEX review_decided ON review (decided_at, id) WHERE decided_at IS NOT NULL;
CREATE INDEX review_shape ON review (shape, answer) WHERE answer IS NOT NULL;
CREATE INDEX review_task ON review (task_id, id) WHERE task_id IS NOT NULL;

CREATE TABLE review_comment (
    review ${long} NOT NULL,
    id ${long} NOT NULL,
    body ${text} NOT NULL,
    PRIMARY KEY (review, id)
)${clustered};

-- run: the run with which it ends; NULL for one that stays.
CREATE TABLE approval_rule (
    id ${text} PRIMARY KEY,
    run ${text},
    version ${long} NOT NULL,
    body ${text} NOT NULL
)${clustered};

CREATE INDEX approval_rule_run ON approval_rule (run) WHERE run IS NOT NULL;

-- What rules have decided. review: the review that was asked for it. answer: as in that review.
CREATE TABLE approval_decision (
    id ${key},
    at ${long} NOT NULL,
    review ${long},
    answer ${short},
    body ${text} NOT NULL
);

CREATE INDEX approval_decision_at ON approval_decision (at);
CREATE INDEX approval_decision_review ON approval_decision (review) WHERE review IS NOT NULL;

INSERT INTO id_block (name, next) VALUES ('review', 1);
