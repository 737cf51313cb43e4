package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.subject.SubjectKind;
import dev.architect.benchmarks.failover.subject.SubjectSettings;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * All runs of one scenario with one client. The worst run is the verdict: a scenario passes when every run does.
 *
 * @param subject the client
 * @param dialect the dialect, by name
 * @param scenario the scenario
 * @param settings which limits were set
 * @param profile how long the faults lasted
 * @param runs what each run left behind
 */
record ScenarioResult(
        SubjectKind subject,
        String dialect,
        FailoverScenario scenario,
        SubjectSettings settings,
        FaultProfile profile,
        List<RunRecord> runs) {

    List<Judgement> judgements() {
        return runs.stream()
                .map(run -> ScenarioRules.judge(scenario, subject.hasFallback(), settings, profile, run))
                .toList();
    }

    Verdict verdict() {
        return judgements().stream()
                .map(Judgement::verdict)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Without a fallback a clean error is as good as it gets in most scenarios; with one, only a pass is. */
    boolean isTargetMet() {
        Verdict least = subject.hasFallback() ? Verdict.PASS : Verdict.SAFE;
        return verdict().compareTo(least) <= 0
                && judgements().stream()
                        .allMatch(judgement -> judgement.missed().isEmpty());
    }

    /** What the worst runs were judged by, each reason once. */
    List<String> reasons() {
        LinkedHashSet<String> reasons = new LinkedHashSet<>();
        Verdict worst = verdict();
        judgements().stream()
                .filter(judgement -> judgement.verdict() == worst)
                .forEach(judgement -> reasons.addAll(judgement.reasons()));
        return List.copyOf(reasons);
    }

    Map<String, Object> row() {
        double[] millis = runs.stream().mapToDouble(RunRecord::millis).sorted().toArray();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("subject", subject.name());
        row.put("dialect", dialect);
        row.put("scenario", scenario.name());
        row.put("settings", settings.label());
        row.put("verdict", verdict().label());
        row.put("millis", Math.round(at(millis, 0.5)));
        row.put("p95Millis", Math.round(at(millis, 0.95)));
        row.put("target", isTargetMet() ? "met" : "missed");
        row.put("reasons", reasons());
        List<Judgement> judgements = judgements();
        row.put(
                "missed",
                judgements.stream()
                        .flatMap(each -> each.missed().stream())
                        .distinct()
                        .toList());
        Map<String, Long> verdicts = new LinkedHashMap<>();
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict.label(),
                    judgements.stream()
                            .filter(each -> each.verdict() == verdict)
                            .count());
        }
        row.put("verdicts", verdicts);
        row.put("runs", runs.stream().map(RunRecord::asMap).toList());
        return row;
    }

    /** The nearest rank. */
    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
