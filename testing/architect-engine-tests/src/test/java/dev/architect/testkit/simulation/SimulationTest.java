package dev.architect.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The task engine under the faults of many seeds: the part of the simulation that every build runs. */
final class SimulationTest {

    private static final int SEEDS = Boolean.getBoolean("architect.slow") ? 500 : 200;
    private static final int GROUPS = 10;
    private static final String ENDED = "ended in order";
    private static final Map<String, Integer> COUNTS = new HashMap<>();

    /** What the seeds have to reach, so that they show something. */
    private static final List<String> FAULTS = List.of(
            "crash",
            "frozen",
            "loses the store",
            "outage",
            "clock jump",
            "stop",
            "error",
            "unknown",
            "late",
            "signal lost",
            "start failed",
            "interruption ignored",
            "cancels",
            "suspects",
            "finds it ended",
            "order CORDON",
            "order DRAIN",
            "order WORK",
            "role performed",
            "role write refused",
            "permit given on",
            "waits for a permit",
            "queue at its limit",
            "rate used up",
            "cordoned",
            "drained",
            "resumed");

    /** Each group is a test of its own, so that the time limit of a test holds on slow machines too. */
    @RepeatedTest(GROUPS)
    void holdsForManySeeds(RepetitionInfo group) {
        long first = 1 + (group.getCurrentRepetition() - 1) * (long) SEEDS / GROUPS;
        Simulations.seeds(first, SEEDS / GROUPS).forEach(seed -> {
            Map<String, Integer> counts = Simulations.run(seed).counts();
            assertThat(counts).containsEntry(ENDED, 1);
            counts.forEach((what, times) -> COUNTS.merge(what, times, Integer::sum));
        });
    }

    @AfterAll
    static void theSeedsReachedEveryFault() {
        if (COUNTS.getOrDefault(ENDED, 0) != SEEDS) {
            // A seed or a test was run alone, or a group has failed.
            return;
        }
        assertThat(COUNTS).containsKeys(FAULTS.toArray(String[]::new));
        assertThat(COUNTS)
                .containsKeys(List.of(
                                AttemptOutcome.SUCCEEDED,
                                AttemptOutcome.FAILED,
                                AttemptOutcome.TIMED_OUT,
                                AttemptOutcome.SNOOZED,
                                AttemptOutcome.HANDED_BACK,
                                AttemptOutcome.CANCELLED)
                        .stream()
                        .map(AttemptOutcome::toString)
                        .toArray(String[]::new));
    }

    @Test
    void holdsForEverySeedThatOnceFailed() throws IOException {
        List<Long> seeds = failedSeeds();

        assertThat(seeds)
                .isNotEmpty()
                .allSatisfy(seed -> assertThat(Simulations.run(seed).failure()).isNull());
    }

    private static List<Long> failedSeeds() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SimulationTest.class.getResourceAsStream("failed-seeds.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> Long.valueOf(line.split(" ", 2)[0]))
                    .toList();
        }
    }

    @Test
    void repeatsTheRunOfASeed() {
        for (long seed = 1; seed <= 20; seed++) {
            SimWorld.Outcome first = SimWorld.run(seed, null);
            SimWorld.Outcome second = SimWorld.run(seed, null);

            assertThat(second.hash()).isEqualTo(first.hash());
            assertThat(second.turns()).isEqualTo(first.turns());
            assertThat(second.counts()).isEqualTo(first.counts());
        }
        assertThat(SimWorld.run(1, null).hash())
                .isNotEqualTo(SimWorld.run(2, null).hash());
    }

    /** A failure is of use only when it can be run again. */
    @Test
    void tellsTheStepsThatLedToAFailure() {
        SimWorld.Outcome outcome = firstFailure(Mutant.CLAIM_WITHOUT_TYPE_FILTER, 200);

        assertThat(outcome.last()).isNotEmpty().anyMatch(step -> step.contains("claim"));
        assertThat(SimWorld.run(outcome.seed(), Mutant.CLAIM_WITHOUT_TYPE_FILTER)
                        .last())
                .isEqualTo(outcome.last());
    }

    static SimWorld.Outcome firstFailure(Mutant mutant, int limit) {
        SimWorld.Outcome outcome = SimWorld.run(1, mutant);
        for (long seed = 2; outcome.failure() == null && seed <= limit; seed++) {
            outcome = SimWorld.run(seed, mutant);
        }
        return outcome;
    }
}
