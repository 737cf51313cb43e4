package dev.architect.router.rule;

import dev.architect.request.RequestScope;
import java.util.List;

/**
 * Some requests are routed in other ways, to compare them. Which arm a request is in depends on its key alone, not on time or
 * process: the same key is in the same arm everywhere, and still is when the share grows.
 *
 * @param name its name, in routes and records
 * @param condition the requests that it is about
 * @param key what decides about the arm
 * @param sharePercent how many of a hundred keys take part, above 0 to 100
 * @param arms what is compared, 1 to 10
 */
public record Experiment(
        String name, RuleCondition condition, ExperimentKey key, double sharePercent, List<ExperimentArm> arms) {

    /** The place of no arm. */
    public static final int NO_ARM = -1;

    /** The largest number of arms. */
    public static final int MAX_ARMS = 10;

    private static final double WHOLE = 100;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    /** The distance of doubles just below one: 53 bits of a hash are a number from 0 to 1. */
    private static final double UNIT = 0x1.0p-53;

    /** Copies the arms and checks every field. */
    public Experiment {
        RuleChecks.name("experiment", name);
        if (!(sharePercent > 0 && sharePercent <= WHOLE)) {
            throw new IllegalArgumentException("share of experiment " + name + " is " + sharePercent
                    + " percent, expected more than 0 and at most 100");
        }
        arms = RuleChecks.distinct("arms of experiment " + name, arms, ExperimentArm::name);
        RuleChecks.range("number of arms of experiment " + name, arms.size(), 1, MAX_ARMS);
    }

    /**
     * The place of the arm of a request that meets the condition; {@link #NO_ARM} when it takes no part.
     *
     * @param requestId the id of the request
     * @param scope on whose behalf it is made
     */
    public int armOf(String requestId, RequestScope scope) {
        String value = key.valueOf(requestId, scope);
        if (value == null || share("share", value) * WHOLE >= sharePercent) {
            return NO_ARM;
        }
        int total = 0;
        for (int index = 0; index < arms.size(); index++) {
            total += arms.get(index).weight();
        }
        // Another number than the one that decided about the share: the arms of a small share would all be the first
        // one.
        double place = share("arm", value) * total;
        for (int index = 0; index < arms.size() - 1; index++) {
            place -= arms.get(index).weight();
            if (place < 0) {
                return index;
            }
        }
        return arms.size() - 1;
    }

    /** A number from 0 up to 1 that depends on the name of the experiment, so that two of them draw independently. */
    private double share(String purpose, String value) {
        long hash = add(add(add(FNV_OFFSET, name), purpose), value);
        // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv) mixes its last characters badly into the high bits; the
        // finisher of
        // MurmurHash3 (https://github.com/aappleby/smhasher) does that.
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (hash >>> 11) * UNIT;
    }

    private static long add(long hash, String text) {
        long mixed = hash;
        for (int index = 0; index < text.length(); index++) {
            mixed = (mixed ^ text.charAt(index)) * FNV_PRIME;
        }
        // Ends the text: "ab" and "c" must not be "a" and "bc".
        return (mixed ^ 0xffff) * FNV_PRIME;
    }
}
