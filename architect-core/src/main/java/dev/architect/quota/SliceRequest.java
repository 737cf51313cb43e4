package dev.architect.quota;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.List;

/**
 * What a node has used of a quota, and what it wants of it. Further components will only be added at the end.
 *
 * @param quota the name of the quota, which holds the length of its period: nodes that mean the same limit use the same name
 * @param limit the most units within any span of the period, 1 or more
 * @param period the span
 * @param epoch the epoch of the last grant that the node knows, 0 before the first
 * @param uses what it has used since it reported last, under that grant or before; the same again when the answer to a request was lost
 * @param keep how much of its slice it still holds, used since {@code uses} was taken or not at all; the rest goes back
 * @param least fewer further units than this would not help, and are not granted; zero or more
 * @param more the further units that it wants, {@code least} or more
 */
public record SliceRequest(
        String quota, long limit, Duration period, long epoch, List<QuotaUse> uses, long keep, long least, long more) {

    private static final int MOST_CHARACTERS = 600;

    /** Checks every field and copies the uses. */
    public SliceRequest {
        Check.atMost("quota", Check.notBlank("quota", quota), MOST_CHARACTERS);
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", expected 1 or more");
        }
        Check.positive("period", period);
        Check.notNegative("epoch", epoch);
        uses = List.copyOf(Check.noNulls("uses", uses));
        Check.notNegative("keep", keep);
        Check.notNegative("least", least);
        if (more < least) {
            throw new IllegalArgumentException("more is " + more + ", expected " + least + " or more");
        }
    }
}
