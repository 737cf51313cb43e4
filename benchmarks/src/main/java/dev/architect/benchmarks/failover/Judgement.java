package dev.architect.benchmarks.failover;

import java.util.List;

/**
 * The verdict on a run and its reasons.
 *
 * @param verdict the verdict
 * @param reasons the checks that failed, required ones first
 * @param missed our own targets that were missed; they never change the verdict
 */
public record Judgement(Verdict verdict, List<String> reasons, List<String> missed) {

    /** Copies the lists. */
    public Judgement {
        reasons = List.copyOf(reasons);
        missed = List.copyOf(missed);
    }
}
