package dev.architect.cli.demo;

import dev.architect.cost.ProviderSpend;
import dev.architect.cost.Savings;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the demo ended: the ledger's figures beside those of the simulator.
 *
 * @param tasks how many were submitted
 * @param succeeded how many ended with a result
 * @param failed how many ended without
 * @param wall from the first submission to the last end
 * @param waited how long ready tasks waited for a session
 * @param spend what each provider did and cost, from the ledger
 * @param billedPicoUsd what each provider billed, from the simulator
 * @param callsReceived how many model calls reached the simulator
 * @param outage what the outage did; null when there was none
 * @param correct how many answers are right; null without labels
 */
record DemoResult(
        int tasks,
        int succeeded,
        int failed,
        Duration wall,
        Latencies waited,
        List<ProviderSpend> spend,
        Map<String, BigInteger> billedPicoUsd,
        long callsReceived,
        OutageWatch.@Nullable Impact outage,
        @Nullable Correctness correct) {

    /**
     * How many answers are right, by the labels of the recorded data.
     *
     * @param routed of the answers that were given
     * @param allStrong had the strong model answered everything
     * @param allCheap had the cheap model answered everything
     */
    record Correctness(int routed, int allStrong, int allCheap) {}

    Savings savings() {
        return Savings.of(spend);
    }

    BigInteger billed() {
        return billedPicoUsd.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    long failovers() {
        return spend.stream().mapToLong(spend -> spend.calls().failovers()).sum();
    }

    long callsRecorded() {
        return spend.stream().mapToLong(provider -> provider.calls().all()).sum();
    }

    /** Returns everything that does not add up, as sentences; nothing when the demo is as it should be. */
    List<String> mismatches() {
        List<String> found = new ArrayList<>();
        if (succeeded + failed != tasks) {
            found.add((tasks - succeeded - failed) + " of " + tasks + " tasks reached no final state");
        }
        for (ProviderSpend line : spend) {
            BigInteger billed = billedPicoUsd.getOrDefault(line.provider(), BigInteger.ZERO);
            if (!line.cost().spent().picoUsd().equals(billed)) {
                found.add("cost of " + line.provider() + " is "
                        + line.cost().spent().picoUsd() + " pico-dollars in the ledger, the simulator billed "
                        + billed);
            }
        }
        if (!savings().spent().picoUsd().equals(billed())) {
            found.add("the ledger's total is " + savings().spent().picoUsd() + " pico-dollars, the simulator's "
                    + billed());
        }
        if (savings().unpricedCalls() > 0) {
            found.add(savings().unpricedCalls() + " calls have no price");
        }
        long answered = spend.stream().mapToLong(ProviderSpend::requests).sum();
        if (answered != succeeded) {
            found.add("the ledger has " + answered + " accepted answers for " + succeeded + " tasks that succeeded");
        }
        return found;
    }
}
