-- Records of decisions and feedback about answers. Times are microseconds since 1970 by the clock of the node; the body of a record is a JSON
-- object, whose amounts are whole pico-dollars. The model is the one that answered, NULL when none did.
-- readable from: 5

CREATE TABLE decision (
    sequence ${sequence},
    at ${long} NOT NULL,
    request_id ${text} NOT NULL,
    project ${text} NOT NULL,
    model ${text},
    outcome ${text} NOT NULL,
    body ${text} NOT NULL
);
CREATE INDEX decision_at ON decision (at);
CREATE INDEX decision_project ON decision (project, sequence);
CREATE INDEX decision_model ON decision (model, sequence);
CREATE INDEX decision_outcome ON decision (outcome, sequence);

-- The last that was said of each answer; the score is from 0 to 1.
CREATE TABLE feedback (
    request_id ${text} NOT NULL PRIMARY KEY,
    at ${long} NOT NULL,
    verdict ${text} NOT NULL,
    score REAL NOT NULL
)${clustered};
CREATE INDEX feedback_at ON feedback (at);
