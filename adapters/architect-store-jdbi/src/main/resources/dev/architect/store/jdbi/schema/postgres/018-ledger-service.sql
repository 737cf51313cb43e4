-- Where a call was served, and the provider's id of its request. No tier is the usual one, no region one that was not reported; calls of earlier versions
-- have neither, and no id. Sums have two dimensions more: service tier 7 and region 8, which begin with those calls.
-- Programs before this step leave the columns empty, and those from step 13 on do not add up the new dimensions.
-- readable from: 4

ALTER TABLE ledger ADD COLUMN service_tier text;
ALTER TABLE ledger ADD COLUMN region text;
ALTER TABLE ledger ADD COLUMN provider_request_id text;

INSERT INTO ledger_sum (grain, dimension, begins_at, value, requests, calls, failed_calls, failovers, unpriced_calls, input_tokens, output_tokens,
    exact_millions, exact_rest, estimated_millions, estimated_rest, baseline_millions, baseline_rest)
SELECT grain, 7, begins_at, 'standard', sum(requests), sum(calls), sum(failed_calls), sum(failovers),
    sum(unpriced_calls), sum(input_tokens), sum(output_tokens), sum(exact_millions), sum(exact_rest),
    sum(estimated_millions), sum(estimated_rest), sum(baseline_millions), sum(baseline_rest)
FROM ledger_sum WHERE dimension = 0 GROUP BY grain, begins_at;

INSERT INTO ledger_sum (grain, dimension, begins_at, value, requests, calls, failed_calls, failovers, unpriced_calls, input_tokens, output_tokens,
    exact_millions, exact_rest, estimated_millions, estimated_rest, baseline_millions, baseline_rest)
SELECT grain, 8, begins_at, '', sum(requests), sum(calls), sum(failed_calls), sum(failovers),
    sum(unpriced_calls), sum(input_tokens), sum(output_tokens), sum(exact_millions), sum(exact_rest),
    sum(estimated_millions), sum(estimated_rest), sum(baseline_millions), sum(baseline_rest)
FROM ledger_sum WHERE dimension = 0 GROUP BY grain, begins_at;
