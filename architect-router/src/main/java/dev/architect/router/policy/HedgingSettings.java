package dev.architect.router.policy;

/**
 * Whether a call that takes unusually long gets a rival: a second call, of the same request, whose answer is taken when it begins first.
 * The slower one is cancelled, and both are paid for.
 *
 * <p>A request is hedged when it has no tools, this is its first call, and what is left of the budget permits it: at most {@code
 * requestPercent} of requests and {@code spendPercent} of what calls cost. The second call starts when the first one has taken longer than
 * {@code percentile} percent of the calls to its model, of which at least {@code samples} must be known. It goes to the next candidate of
 * the route that is closed, free, and would cost at most twice as much; when there is none, to the same model once more.
 *
 * @param isEnabled whether there are second calls
 * @param requestPercent the most requests of a hundred that get one, 1 to 100
 * @param spendPercent the most that the slower calls may cost, in percent of what all calls cost, 1 to 100
 * @param percentile the part of calls that is faster, 50 to 99
 * @param samples how many calls to a model must have been measured, 10 to 256
 */
public record HedgingSettings(boolean isEnabled, int requestPercent, int spendPercent, int percentile, int samples) {

    static final int MAX_PERCENT = 100;
    static final int MIN_PERCENTILE = 50;
    static final int MAX_PERCENTILE = 99;
    static final int MIN_SAMPLES = 10;
    static final int MAX_SAMPLES = 256;

    /** No second calls. */
    public static final HedgingSettings OFF = new HedgingSettings(false, 2, 5, 95, 50);

    /** Second calls for at most 2 % of requests and 5 % of spend, after the 95th percentile of at least 50 calls. */
    public static final HedgingSettings ON = new HedgingSettings(true, 2, 5, 95, 50);

    /** Checks the numbers. */
    public HedgingSettings {
        PolicyChecks.range("requestPercent", requestPercent, 1, MAX_PERCENT);
        PolicyChecks.range("spendPercent", spendPercent, 1, MAX_PERCENT);
        PolicyChecks.range("percentile", percentile, MIN_PERCENTILE, MAX_PERCENTILE);
        PolicyChecks.range("samples", samples, MIN_SAMPLES, MAX_SAMPLES);
    }
}
