package dev.architect.router.bandit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.architect.model.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Estimates from logged decisions, held against what is known to be true. */
class OffPolicyEvaluationTest {

    private static final ModelId CHEAP = ModelId.parse("p/cheap");
    private static final ModelId STRONG = ModelId.parse("p/strong");

    /** Accepted answers by kind (easy, hard) and model (cheap, strong). */
    private static final double[][] TRUTH = {{0.9, 0.92}, {0.3, 0.85}};

    /** How often the log chose the strong model: mostly where it is needed, so that plain averages are wrong. */
    private static final double[] LOGGED = {0.1, 0.8};

    private static List<LoggedDecision> log(int size, long seed) {
        Random random = new Random(seed);
        List<LoggedDecision> log = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int kind = random.nextInt(10) < 3 ? 1 : 0;
            boolean isStrong = random.nextDouble() < LOGGED[kind];
            double reward = random.nextDouble() < TRUTH[kind][isStrong ? 1 : 0] ? 1 : 0;
            log.add(new LoggedDecision(
                    kind == 1 ? "hard" : "easy",
                    isStrong ? STRONG : CHEAP,
                    isStrong ? LOGGED[kind] : 1 - LOGGED[kind],
                    reward));
        }
        return log;
    }

    private static double truth(OffPolicyEvaluation.Target target) {
        double sum = 0;
        for (int kind = 0; kind < 2; kind++) {
            String name = kind == 1 ? "hard" : "easy";
            double share = kind == 1 ? 0.3 : 0.7;
            sum += share
                    * (target.probability(name, CHEAP) * TRUTH[kind][0]
                            + target.probability(name, STRONG) * TRUTH[kind][1]);
        }
        return sum;
    }

    private static final OffPolicyEvaluation.Target BY_KIND =
            (kind, model) -> model.equals(STRONG) == kind.equals("hard") ? 1 : 0;

    private static final List<OffPolicyEvaluation.Target> TARGETS = List.of(
            OffPolicyEvaluation.Target.always(CHEAP),
            OffPolicyEvaluation.Target.always(STRONG),
            BY_KIND,
            (kind, model) -> 0.5);

    @Test
    void bothEstimatesAreTheTruthOnAverage() {
        for (OffPolicyEvaluation.Target target : TARGETS) {
            double inverse = 0;
            double robust = 0;
            int logs = 200;
            for (int seed = 0; seed < logs; seed++) {
                OffPolicyEvaluation evaluation = OffPolicyEvaluation.by(log(1_000, seed));
                inverse += evaluation.inversePropensity(target).reward() / logs;
                robust += evaluation.doublyRobust(target).reward() / logs;
            }
            assertThat(inverse).isCloseTo(truth(target), offset(0.015));
            assertThat(robust).isCloseTo(truth(target), offset(0.01));
        }
    }

    @Test
    void plainAverageOfTheLogIsNotTheTruth() {
        double average = log(20_000, 1).stream()
                .filter(each -> each.chosen().equals(STRONG))
                .mapToDouble(LoggedDecision::reward)
                .average()
                .orElseThrow();

        assertThat(Math.abs(average - truth(OffPolicyEvaluation.Target.always(STRONG))))
                .isGreaterThan(0.02);
    }

    @Test
    void intervalsHoldTheTruthAboutAsOftenAsTheySay() {
        for (OffPolicyEvaluation.Target target : TARGETS) {
            long inverse = IntStream.range(0, 400)
                    .mapToObj(seed -> OffPolicyEvaluation.by(log(1_000, seed)).inversePropensity(target))
                    .filter(each -> each.low() <= truth(target) && truth(target) <= each.high())
                    .count();
            long robust = IntStream.range(0, 400)
                    .mapToObj(seed -> OffPolicyEvaluation.by(log(1_000, seed)).doublyRobust(target))
                    .filter(each -> each.low() <= truth(target) && truth(target) <= each.high())
                    .count();
            assertThat(inverse).isBetween(365L, 395L);
            assertThat(robust).isBetween(365L, 395L);
        }
    }

    @Test
    void doublyRobustEstimateIsTheMoreCertainOne() {
        for (OffPolicyEvaluation.Target target : TARGETS) {
            OffPolicyEvaluation evaluation = OffPolicyEvaluation.by(log(5_000, 3));
            OffPolicyEvaluation.Estimate inverse = evaluation.inversePropensity(target);
            OffPolicyEvaluation.Estimate robust = evaluation.doublyRobust(target);

            assertThat(robust.high() - robust.low()).isLessThan(inverse.high() - inverse.low());
            assertThat(inverse.effectiveDecisions()).isBetween(100.0, 5_000.0);
        }
    }

    @Test
    void refusesWhatCannotBeEstimatedFrom() {
        assertThatThrownBy(() -> OffPolicyEvaluation.by(log(49, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("log has 49 decisions, expected 50 or more");
        assertThatThrownBy(() -> new LoggedDecision("easy", CHEAP, 0, 1))
                .hasMessage("propensity is 0.0, expected above 0.0 to 1.0");
        assertThatThrownBy(() -> new LoggedDecision("easy", CHEAP, 0.5, Double.NaN))
                .hasMessage("reward is NaN, expected a finite number");
        assertThatThrownBy(() -> OffPolicyEvaluation.by(log(100, 1)).doublyRobust((kind, model) -> 2))
                .hasMessageContaining("is 2.0, expected 0.0..1.0");
    }
}
