package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.failover.RunRecord.AskedRequest;
import dev.architect.benchmarks.failover.server.CanonicalAnswer;
import dev.architect.benchmarks.failover.server.FaultAction;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.server.LoggedCall;
import dev.architect.benchmarks.failover.subject.SubjectOutcome;
import dev.architect.benchmarks.failover.subject.SubjectSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges one run. Calls are counted by the server's log alone. Requirements for a fallback do not apply to a client that
 * declares none.
 *
 * <p>Required and advisory checks are those of the public Failover Bench; targets are stricter and only reported.
 */
final class ScenarioRules {

    /** Of a request around an outage. */
    private static final long MOST_MILLIS_OF_ONE = 30_000;

    private static final long MOST_MILLIS_OF_HEALTHY = 10_000;
    private static final long MOST_MILLIS_TO_RETURN = 30_000;
    private static final long MOST_MILLIS_TO_HANG_UP = 100;
    private static final int MOST_PRIMARY_CALLS = 6;
    private static final int TARGET_CALLS_IN_OUTAGE = 12;

    private final FailoverScenario scenario;
    private final boolean hasFallback;
    private final SubjectSettings settings;
    private final FaultProfile profile;
    private final RunRecord run;
    private final List<LoggedCall> primary;
    private final AskedRequest last;
    private final List<String> required = new ArrayList<>();
    private final List<String> advisory = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    private ScenarioRules(
            FailoverScenario scenario,
            boolean hasFallback,
            SubjectSettings settings,
            FaultProfile profile,
            RunRecord run) {
        this.scenario = scenario;
        this.hasFallback = hasFallback;
        this.settings = settings;
        this.profile = profile;
        this.run = run;
        this.primary = run.calls().stream()
                .filter(call -> call.model().endsWith(scenario.primary()))
                .toList();
        this.last = run.requests().get(run.requests().size() - 1);
    }

    static Judgement judge(
            FailoverScenario scenario,
            boolean hasFallback,
            SubjectSettings settings,
            FaultProfile profile,
            RunRecord run) {
        return new ScenarioRules(scenario, hasFallback, settings, profile, run).judge();
    }

    private Judgement judge() {
        for (AskedRequest request : run.requests()) {
            SubjectOutcome outcome = request.outcome();
            require(outcome.kind() != SubjectOutcome.Kind.HUNG, "not bounded: no end after %.0f ms", request.millis());
            require(
                    request.millis() <= scenario.maxMillis(),
                    "took %.0f ms, expected at most %d",
                    request.millis(),
                    scenario.maxMillis());
            require(
                    !outcome.isAnswered() || CanonicalAnswer.isComplete(outcome.text()),
                    "presented %d words as success, expected the %d of the answer",
                    CanonicalAnswer.tokens(outcome.text()).size(),
                    CanonicalAnswer.TOKENS);
            require(
                    outcome.kind() != SubjectOutcome.Kind.FAILED || outcome.isTyped(),
                    "error has no type: %s",
                    outcome.error());
        }
        AskedRequest healthy = run.healthy();
        require(
                healthy.outcome().isAnswered()
                        && CanonicalAnswer.isComplete(healthy.outcome().text())
                        && healthy.millis() <= MOST_MILLIS_OF_HEALTHY,
                "not alive: healthy call %s after %.0f ms %s",
                healthy.outcome().kind().name().toLowerCase(Locale.ROOT),
                healthy.millis(),
                healthy.outcome().error());
        judgeScenario();
        target(run.recordProblem().isEmpty(), "%s", run.recordProblem());
        List<String> reasons = new ArrayList<>(required);
        reasons.addAll(advisory);
        return new Judgement(verdict(), reasons, missed);
    }

    private Verdict verdict() {
        if (!required.isEmpty()) {
            return Verdict.FAIL;
        }
        boolean isLeft = scenario == FailoverScenario.X09
                && last.outcome().kind() == SubjectOutcome.Kind.FAILED
                && last.outcome().error().contains("CANCELLED");
        boolean isRefusal = scenario == FailoverScenario.S13
                && last.outcome().kind() == SubjectOutcome.Kind.FAILED
                && last.outcome().namesRefusal();
        if (!isRefusal
                && !isLeft
                && !run.requests().stream()
                        .allMatch(request -> request.outcome().isAnswered())) {
            return Verdict.SAFE;
        }
        return advisory.isEmpty() ? Verdict.PASS : Verdict.PARTIAL;
    }

    private void judgeScenario() {
        double millis = run.millis();
        switch (scenario) {
            case S01 -> {
                long early = run.calls().stream()
                        .filter(call -> call.atMillis() - last.startMillis() <= 1_500)
                        .count();
                require(early <= 2, "%d calls in the first 1.5 s, expected at most 2", early);
                advise(primary.size() >= 2, "%d primary calls, expected 2 or more", primary.size());
                advise(gap() >= 1_800, "gap is %.0f ms, expected 1800 or more", gap());
                target(gap() >= 2_000 && gap() <= 2_500, "gap is %.0f ms, expected 2000 to 2500", gap());
            }
            case S02 -> {
                long early = primary.stream()
                        .filter(call -> call.atMillis() - last.startMillis() <= 3_000)
                        .count();
                require(early <= 4, "%d primary calls in 3 s, expected at most 4", early);
                require(
                        run.calls().size() <= 6,
                        "%d calls, expected at most 6",
                        run.calls().size());
                target(!hasFallback || millis <= 3_500, "answer after %.0f ms, expected 3500", millis);
            }
            case S03 -> {
                advise(primary.size() >= 2, "%d primary calls, expected 2 or more", primary.size());
                target(
                        last.outcome().isAnswered() && millis <= 2_000,
                        "%s after %.0f ms, expected an answer after 2000",
                        last.outcome().kind(),
                        millis);
            }
            case S04 -> {
                requireFewPrimaryCalls();
                target(millis <= 3_000, "end after %.0f ms, expected 3000", millis);
                target(
                        hasFallback || last.outcome().error().contains("503"),
                        "error is %s, expected the original 503",
                        last.outcome().error());
            }
            case S05 -> {
                target(
                        run.calls().size() == 2,
                        "%d calls, expected 2",
                        run.calls().size());
                target(millis <= 1_500, "answer after %.0f ms, expected 1500", millis);
            }
            case S06 -> {
                require(millis <= 100_000, "took %.0f ms, expected at most 100000", millis);
                advise(primary.size() == 1, "%d primary calls, expected 1", primary.size());
                targetAtMost(settings == SubjectSettings.COMPARABLE ? 31_000 : 12_000);
                targetHangUp();
            }
            case S07 -> {
                advise(!hasFallback || millis <= 15_000, "took %.0f ms, expected at most 15000", millis);
                targetAtMost(12_000);
                targetHangUp();
            }
            case S08, S14 -> {
                require(
                        !last.outcome().error().contains("invalid_prefill"),
                        "error is the one of the prefill: %s",
                        last.outcome().error());
                target(!hasFallback || last.outcome().isAnswered(), "not rescued");
                target(millis <= 3_000, "end after %.0f ms, expected 3000", millis);
            }
            case S09 -> {
                require(millis <= 45_000, "took %.0f ms, expected at most 45000", millis);
                target(!hasFallback || last.outcome().isAnswered(), "not rescued");
                targetAtMost(settings == SubjectSettings.COMPARABLE ? 31_000 : 12_000);
            }
            case S10 -> {
                advise(
                        run.calls().size() == 1,
                        "%d calls, expected completion in place",
                        run.calls().size());
                target(
                        run.calls().size() == 1,
                        "%d calls, expected 1",
                        run.calls().size());
            }
            case S11 -> {
                require(millis <= 8_000, "took %.0f ms, expected at most 8000", millis);
                adviseUsage();
                double after = last.endMillis()
                        - run.calls().get(run.calls().size() - 1).endMillis();
                target(after <= MOST_MILLIS_TO_HANG_UP, "end %.0f ms after the body, expected 100", after);
                target(
                        run.calls().size() == 1,
                        "%d calls, expected 1",
                        run.calls().size());
            }
            case S12 -> {
                long same = primary.stream()
                        .filter(call -> call.promptTokens() >= primary.get(0).promptTokens())
                        .count();
                require(
                        same == 1 && primary.size() <= 2,
                        "%d calls with that prompt, %d in total, expected 1",
                        same,
                        primary.size());
                target(!hasFallback || last.outcome().isAnswered(), "larger window not chosen");
            }
            case S13 -> {
                require(primary.size() == 1, "%d primary calls, expected 1", primary.size());
                require(
                        last.outcome().isAnswered() || last.outcome().namesRefusal(),
                        "the reason does not reach the caller: %s",
                        last.outcome().error());
                int other = run.calls().size() - primary.size();
                advise(other == 0 && !last.outcome().isAnswered(), "answered by routing around");
                target(other == 0, "%d fallback calls, expected 0", other);
            }
            case S15 -> judgeOutage();
            case S16 -> {
                require(
                        !hasFallback
                                || last.outcome()
                                        .model()
                                        .filter(this::isFallback)
                                        .isPresent(),
                        "response names %s, expected %s",
                        last.outcome().model().orElse("no model"),
                        scenario.fallback());
                requireFewPrimaryCalls();
                if (hasFallback) {
                    adviseUsage();
                }
            }
            case X01, X02, X03, X04, X05_DATE, X05_MS, X05_DAY, X05_NEGATIVE, X06, X07, X08, X09, X10, W08, W09, W10 ->
                judgeFurther(millis);
        }
    }

    private void judgeFurther(double millis) {
        int calls = run.calls().size();
        switch (scenario) {
            case X01 -> {
                require(primary.size() <= 2, "%d primary calls, expected at most 2", primary.size());
                targetFast(millis);
            }
            case X02, X04 -> {
                requireFewPrimaryCalls();
                targetFast(millis);
            }
            case X03 -> {
                long refused = run.calls().stream()
                        .filter(call -> call.action() == FaultAction.KEY_REFUSED)
                        .count();
                require(refused <= 1, "%d calls with the refused key, expected 1", refused);
                advise(
                        calls == primary.size(),
                        "%d calls to the fallback, expected the other key",
                        calls - primary.size());
                targetFast(millis);
            }
            case X05_DATE -> judgeGap(2_000);
            case X05_MS -> judgeGap(1_500);
            case X05_DAY -> {
                require(primary.size() == 1, "%d primary calls, expected 1", primary.size());
                require(millis <= MOST_MILLIS_OF_HEALTHY, "end after %.0f ms, expected no wait", millis);
                target(millis <= 1_500, "end after %.0f ms, expected 1500", millis);
            }
            case X05_NEGATIVE -> {
                require(primary.size() <= 4, "%d primary calls, expected at most 4", primary.size());
                targetFast(millis);
            }
            case X06 -> targetRescue(millis);
            case X07 -> require(calls == 1, "%d calls, expected 1", calls);
            case X08 -> {
                long answered = run.requests().stream()
                        .filter(request -> request.outcome().isAnswered())
                        .count();
                require(
                        !hasFallback || answered == run.requests().size(),
                        "%d of %d answered",
                        answered,
                        run.requests().size());
            }
            case X09 -> {
                require(!last.outcome().isAnswered(), "answered, although the caller left");
                LoggedCall left = run.calls().get(calls - 1);
                require(!hasFallback || left.isHungUp(), "call to %s was not left", left.model());
                target(
                        !left.isHungUp() || left.hangUpMillis() <= last.endMillis() + MOST_MILLIS_TO_HANG_UP,
                        "left %.0f ms after the end of the request",
                        left.hangUpMillis() - last.endMillis());
            }
            case X10 -> {
                require(calls <= MOST_PRIMARY_CALLS, "%d calls, expected at most %d", calls, MOST_PRIMARY_CALLS);
                target(
                        last.outcome().isAnswered() && millis <= 4_000,
                        "%s after %.0f ms, expected an answer after 4000",
                        last.outcome().kind(),
                        millis);
            }
            case W08, W10 -> targetRescue(millis);
            case W09 -> {
                require(millis <= 45_000, "took %.0f ms, expected at most 45000", millis);
                target(!hasFallback || last.outcome().isAnswered(), "not answered by the fallback");
            }
            default -> throw new IllegalStateException("scenario is " + scenario + ", expected one of ours");
        }
    }

    private void judgeGap(long stated) {
        require(primary.size() <= 2, "%d primary calls, expected at most 2", primary.size());
        require(primary.size() < 2 || gap() >= 0.9 * stated, "gap is %.0f ms, expected %d or more", gap(), stated);
        advise(primary.size() == 2, "%d primary calls, expected 2", primary.size());
        target(
                gap() >= stated && gap() <= stated + 500,
                "gap is %.0f ms, expected %d to %d",
                gap(),
                stated,
                stated + 500);
    }

    private void targetFast(double millis) {
        target(millis <= 3_000, "end after %.0f ms, expected 3000", millis);
    }

    private void targetRescue(double millis) {
        target(!hasFallback || last.outcome().isAnswered(), "not answered by the fallback");
        targetFast(millis);
    }

    private void judgeOutage() {
        double end = profile.outageMillis();
        long lost = run.requests().stream()
                .filter(request -> !request.outcome().isAnswered())
                .count();
        require(
                !hasFallback || lost == 0,
                "%d of %d requests lost",
                lost,
                run.requests().size());
        require(
                run.requests().stream().allMatch(request -> request.millis() <= MOST_MILLIS_OF_ONE),
                "a request took %.0f ms, expected at most %d",
                run.millis(),
                MOST_MILLIS_OF_ONE);
        double back = primary.stream()
                .filter(call -> call.action() == FaultAction.ANSWER)
                .mapToDouble(LoggedCall::atMillis)
                .findFirst()
                .orElse(Double.POSITIVE_INFINITY);
        require(
                back - end <= MOST_MILLIS_TO_RETURN,
                "primary used again %.0f ms after the outage, expected 30000",
                back - end);
        long during = primary.stream().filter(call -> call.atMillis() < end).count();
        long sent = run.requests().stream()
                .filter(request -> request.startMillis() < end)
                .count();
        advise(during <= sent + MOST_PRIMARY_CALLS, "%d primary calls for %d requests in the outage", during, sent);
        target(
                during <= TARGET_CALLS_IN_OUTAGE,
                "%d primary calls in the outage, expected at most %d",
                during,
                TARGET_CALLS_IN_OUTAGE);
        target(back - end <= 10_000, "primary used again %.0f ms after the outage, expected 10000", back - end);
        target(lost == 0, "%d of %d requests lost", lost, run.requests().size());
    }

    /** Time between the arrival of the first two primary calls; below zero without a second. */
    private double gap() {
        return primary.size() < 2
                ? -1
                : primary.get(1).atMillis() - primary.get(0).atMillis();
    }

    private boolean isFallback(String model) {
        return model.substring(model.lastIndexOf('/') + 1).equals(scenario.fallback());
    }

    private void requireFewPrimaryCalls() {
        require(
                primary.size() <= MOST_PRIMARY_CALLS,
                "%d primary calls, expected at most %d",
                primary.size(),
                MOST_PRIMARY_CALLS);
    }

    private void adviseUsage() {
        advise(last.outcome().outputTokens().orElse(0) > 0, "no usage reported");
    }

    private void targetAtMost(long millis) {
        target(run.millis() <= millis, "end after %.0f ms, expected %d", run.millis(), millis);
    }

    /** A call that lost to another one must be left soon after the winner's end. */
    private void targetHangUp() {
        for (LoggedCall call : run.calls()) {
            boolean isLoser = last.outcome().isAnswered()
                    && (call.endMillis() < 0 || call.endMillis() > last.endMillis() + MOST_MILLIS_TO_HANG_UP);
            target(!isLoser, "call %d of %s was not left", call.number(), call.model());
        }
    }

    private void require(boolean isClean, String words, Object... values) {
        note(required, isClean, words, values);
    }

    private void advise(boolean isClean, String words, Object... values) {
        note(advisory, isClean, words, values);
    }

    private void target(boolean isMet, String words, Object... values) {
        note(missed, isMet, words, values);
    }

    private static void note(List<String> list, boolean isClean, String words, Object... values) {
        if (!isClean) {
            list.add(String.format(Locale.ROOT, words, values));
        }
    }
}
