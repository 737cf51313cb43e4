package dev.architect.maintenance;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the engine of this node fares.
 *
 * @param longestSilence the longest time that one of its loops has been at one step; a second or less while all are well
 * @param writtenOff how many workers have ignored their interruption since the start, so that their slots were freed without them
 * @param unrecordedEnds how many attempts have ended whose end is not yet in the store
 * @param storeWaiting whether the store does not take the ends of attempts at the moment
 * @param keptCalls how many calls wait in memory because the ledger does not take them
 */
public record EngineHealth(
        Duration longestSilence, int writtenOff, int unrecordedEnds, boolean storeWaiting, int keptCalls) {

    /** A loop that has been at one step for longer hangs: its step waits for something that does not come. */
    public static final Duration MAX_SILENCE = Duration.ofSeconds(5);

    /** Checks every field. */
    public EngineHealth {
        Check.notNegative("longestSilence", longestSilence);
        Check.range("writtenOff", writtenOff, 0, Integer.MAX_VALUE);
        Check.range("unrecordedEnds", unrecordedEnds, 0, Integer.MAX_VALUE);
        Check.range("keptCalls", keptCalls, 0, Integer.MAX_VALUE);
    }

    /** Whether something is wrong at the moment. */
    public boolean isDegraded() {
        return !reasons().isEmpty();
    }

    /** Returns what is wrong at the moment, one sentence each; none while all is well. */
    public List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (longestSilence.compareTo(MAX_SILENCE) > 0) {
            reasons.add("a loop of the engine has been silent for " + longestSilence.toSeconds()
                    + " s, expected at most " + MAX_SILENCE.toSeconds() + " s");
        }
        if (storeWaiting) {
            reasons.add(unrecordedEnds + " ends of attempts wait for the store, expected that it takes them");
        }
        if (keptCalls > 0) {
            reasons.add(keptCalls + " calls wait for the ledger, expected that the store takes them");
        }
        return List.copyOf(reasons);
    }
}
