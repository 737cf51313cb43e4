-- The type of the task whose attempt made a call: a number that stands for its name, which is kept once. Direct requests and calls of earlier versions have
-- none. Sums have two dimensions more: task type 9, which begins with those calls, and key 10, which is in the users of all calls.
-- readable from: 31

CREATE TABLE ledger_type (
    number ${key},
    name ${text} NOT NULL UNIQUE
);
ALTER TABLE ledger ADD COLUMN task_type ${int};

INSERT INTO ledger_sum (grain, dimension, begins_at, value, requests, calls, failed_calls, failovers, unpriced_calls, input_tokens, output_tokens,
    exact_millions, exact_rest, estimated_millions, estimated_rest, baseline_millions, baseline_rest)
SELECT grain, 9, begins_at, '', sum(requests), sum(calls), sum(failed_calls), sum(failovers),
    sum(unpriced_calls), sum(input_tokens), sum(output_tokens), sum(exact_millions), sum(exact_rest),
    sum(estimated_millions), sum(estimated_rest), sum(baseline_millions), sum(baseline_rest)
FROM ledger_sum WHERE dimension = 0 GROUP BY grain, begins_at;

INSERT INTO ledger_sum (grain, dimension, begins_at, value, requests, calls, failed_calls, failovers, unpriced_calls, input_tokens, output_tokens,
    exact_millions, exact_rest, estimated_millions, estimated_rest, baseline_millions, baseline_rest)
SELECT grain, 10, begins_at, CASE WHEN substr(value, 1, 6) = 'agent:' THEN substr(value, 7) ELSE '' END, sum(requests), sum(calls), sum(failed_calls), sum(failovers),
    sum(unpriced_calls), sum(input_tokens), sum(output_tokens), sum(exact_millions), sum(exact_rest),
    sum(estimated_millions), sum(estimated_rest), sum(baseline_millions), sum(baseline_rest)
FROM ledger_sum WHERE dimension = 3 GROUP BY grain, begins_at, 4;
