package dev.architect.benchmarks.failover;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of verdicts, a line for each client, dialect and row of settings. */
final class Scoreboard {

    private static final String LINE = "| %-24s | %-17s | %-10s | %4s | %7s | %4s | %4s | %7s | %s |%n";

    private Scoreboard() {}

    /** Prints the table and returns its numbers by {@code subject/dialect/settings}. */
    static Map<String, Object> print(List<ScenarioResult> results) {
        Map<String, List<ScenarioResult>> lines = new LinkedHashMap<>();
        for (ScenarioResult result : results) {
            String key = result.subject().name() + "/" + result.dialect() + "/"
                    + result.settings().label();
            lines.computeIfAbsent(key, none -> new ArrayList<>()).add(result);
        }
        System.out.println();
        System.out.printf(
                LINE, "product", "dialect", "settings", "pass", "partial", "safe", "fail", "targets", "weak spots");
        System.out.printf(LINE, "---", "---", "---", "---:", "---:", "---:", "---:", "---:", "---");
        Map<String, Object> scores = new LinkedHashMap<>();
        lines.forEach((key, of) -> {
            Map<String, Long> score = new LinkedHashMap<>();
            for (Verdict verdict : Verdict.values()) {
                score.put(verdict.label(), count(of, verdict));
            }
            score.put(
                    "targetsMet",
                    of.stream().filter(ScenarioResult::isTargetMet).count());
            scores.put(key, score);
            String[] names = key.split("/");
            System.out.printf(
                    LINE,
                    names[0],
                    names[1],
                    names[2],
                    score.get("pass"),
                    score.get("partial"),
                    score.get("safe"),
                    score.get("fail"),
                    score.get("targetsMet"),
                    weakSpots(of));
        });
        return scores;
    }

    private static long count(List<ScenarioResult> results, Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }

    private static String weakSpots(List<ScenarioResult> results) {
        List<String> spots = new ArrayList<>();
        for (Verdict verdict : List.of(Verdict.FAIL, Verdict.SAFE, Verdict.PARTIAL)) {
            List<String> names = results.stream()
                    .filter(result -> result.verdict() == verdict)
                    .map(result -> result.scenario().name())
                    .toList();
            if (!names.isEmpty()) {
                spots.add(verdict.label() + " " + String.join(", ", names));
            }
        }
        return spots.isEmpty() ? "–" : String.join("; ", spots);
    }
}
