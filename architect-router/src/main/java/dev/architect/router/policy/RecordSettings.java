package dev.architect.router.policy;

/**
 * Which decisions are recorded, with what came of them. Whether one is depends on the id of its request, so that nodes agree.
 *
 * @param rate the share of requests, from 0.0 to 1.0
 */
public record RecordSettings(double rate) {

    /** No decision is recorded. */
    public static final RecordSettings OFF = new RecordSettings(0);

    private static final int ID_DIGITS = 8;
    private static final double IDS = 0x1p32;

    /** Checks the share. */
    public RecordSettings {
        // Written so that NaN fails, too.
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate is " + rate + ", expected 0.0..1.0");
        }
    }

    /** Whether the decision about a request is recorded; its id begins with 32 random bits in hexadecimal. */
    public boolean includes(String requestId) {
        return rate > 0 && Long.parseLong(requestId, 0, ID_DIGITS, 16) < rate * IDS;
    }
}
