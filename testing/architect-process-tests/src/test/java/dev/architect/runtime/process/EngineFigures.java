package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What came out of a run with faults, counted. */
final class EngineFigures {

    int accepted;
    int done;
    int lost;
    int twice;
    int dead;
    int poisonDead;
    long unfinished;
    long attemptsLost;
    long attemptsFailed;
    int mostAttempts;
    int effects;
    long effectsAgain;
    long effectsTwice;
    int billedCalls;
    long billedPicoUsd;
    int bookedCalls;
    long bookedPicoUsd;
    int bookedWithoutBill;
    int estimates;
    int unbooked;

    private final List<Long> claimedAfterKill = new ArrayList<>();
    private final List<Long> claimedAfterOpening = new ArrayList<>();

    /** Adds a task that runs again, with the nanoseconds since its process was killed, and since another one could know. */
    void claimedAgain(long sinceKill, long sinceOpening) {
        claimedAfterKill.add(sinceKill);
        claimedAfterOpening.add(sinceOpening);
    }

    /** The longest time from when a process was open, and the other one killed, until a task of the killed one ran again. */
    Duration longestClaim() {
        return claimedAfterOpening.stream()
                .max(Long::compareTo)
                .map(Duration::ofNanos)
                .orElse(Duration.ZERO);
    }

    int claims() {
        return claimedAfterOpening.size();
    }

    /** Fails when anything was lost, done twice, declared dead without its fault, or paid for and not in the ledger. */
    EngineFigures assertSound() {
        assertThat(lost).as("accepted tasks that are not in the store").isZero();
        assertThat(unfinished).as("tasks that have not ended").isZero();
        assertThat(twice).as("tasks that succeeded twice").isZero();
        assertThat(effectsTwice).as("attempts whose effect happened twice").isZero();
        assertThat(dead).as("tasks that are dead").isZero();
        assertThat(done).as("tasks that are done").isEqualTo(accepted - poisonDead);
        assertThat(unbooked).as("billed calls without an entry in the ledger").isZero();
        assertThat(bookedWithoutBill)
                .as("exact entries of calls that were not billed")
                .isZero();
        return this;
    }

    /** Prints the figures, so that they can be quoted. */
    EngineFigures print(String name) {
        System.out.println(name + ": accepted " + accepted + ", done " + done + ", lost " + lost + ", recorded twice "
                + twice + ", innocent dead " + dead + ", culprits dead " + poisonDead + "; attempts lost "
                + attemptsLost
                + ", failed " + attemptsFailed + "; effects " + effects + ", by another attempt again " + effectsAgain
                + ", twice by one attempt " + effectsTwice + "; claimed again " + claims() + ", after the kill "
                + quantiles(claimedAfterKill) + ", once open " + quantiles(claimedAfterOpening) + "; billed "
                + billedCalls + " calls " + usd(billedPicoUsd) + ", ledger " + bookedCalls + " calls "
                + usd(bookedPicoUsd) + " of them " + estimates + " estimated, unbooked " + unbooked);
        return this;
    }

    private static String usd(long pico) {
        return "$" + BigDecimal.valueOf(pico, 12).stripTrailingZeros().toPlainString();
    }

    private static String quantiles(List<Long> nanos) {
        if (nanos.isEmpty()) {
            return "-";
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        return "p50 " + millis(sorted.get(sorted.size() / 2)) + " max " + millis(sorted.get(sorted.size() - 1));
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }
}
