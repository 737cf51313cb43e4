package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.failover.server.LoggedCall;
import dev.architect.benchmarks.failover.subject.SubjectOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that a run of one scenario left behind, from which its verdict follows. Times are milliseconds since the reset of the
 * server.
 *
 * @param requests what was asked, in order; one but for the outage
 * @param calls the server's log up to the end of the last request
 * @param healthy what the healthy call after it came to
 * @param recordProblem what is wrong with the client's own record of the calls; empty when nothing is
 */
public record RunRecord(
        List<AskedRequest> requests, List<LoggedCall> calls, AskedRequest healthy, String recordProblem) {

    /**
     * One request.
     *
     * @param startMillis when it was sent
     * @param endMillis when the client returned, or was given up
     * @param outcome what it came to
     */
    public record AskedRequest(double startMillis, double endMillis, SubjectOutcome outcome) {

        /** How long it took. */
        public double millis() {
            return endMillis - startMillis;
        }
    }

    /** Copies the lists. */
    public RunRecord {
        requests = List.copyOf(requests);
        calls = List.copyOf(calls);
    }

    /** How long the only request took, or the slowest one. */
    public double millis() {
        return requests.stream().mapToDouble(AskedRequest::millis).max().orElse(0);
    }

    /** Returns it for a report: what a verdict can be formed from again. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("requests", requests.stream().map(RunRecord::line).toList());
        map.put("healthy", line(healthy));
        map.put("calls", calls.stream().map(LoggedCall::toString).toList());
        if (!recordProblem.isEmpty()) {
            map.put("recordProblem", recordProblem);
        }
        return map;
    }

    private static Map<String, Object> line(AskedRequest request) {
        SubjectOutcome outcome = request.outcome();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("startMillis", Math.round(request.startMillis()));
        map.put("endMillis", Math.round(request.endMillis()));
        map.put("outcome", outcome.kind().name().toLowerCase(Locale.ROOT));
        map.put("text", outcome.text());
        outcome.model().ifPresent(model -> map.put("model", model));
        outcome.outputTokens().ifPresent(tokens -> map.put("outputTokens", tokens));
        if (!outcome.error().isEmpty()) {
            map.put("error", outcome.error());
        }
        return map;
    }
}
