package dev.architect.router.policy;

import java.time.Duration;

/**
 * When calls to a provider that refuses most of them are not even sent, and what low priority leaves to others.
 *
 * @param isEnabled whether anything of this is done
 * @param multiplier calls go on until the provider has had so many times the calls that it accepts, 1 to 10: with 2, one refused call for
 *     each accepted one
 * @param window the time over which calls are counted, 1 ms to 24 h
 * @param minimumCalls fewer calls within the window show nothing, 1 to 10,000
 * @param reservePercent what requests of low priority leave of a limit to others, 0 to 90 percent
 */
public record ThrottleSettings(
        boolean isEnabled, int multiplier, Duration window, int minimumCalls, int reservePercent) {

    static final int MOST_MULTIPLIER = 10;
    static final int MOST_CALLS = 10_000;
    static final int MOST_RESERVE = 90;

    /** Twice the accepted calls over two minutes, from fifty calls on; low priority leaves a tenth. */
    public static final ThrottleSettings STANDARD = new ThrottleSettings(true, 2, Duration.ofMinutes(2), 50, 10);

    /** Every call is sent, and every priority may use the whole of a limit. */
    public static final ThrottleSettings OFF = new ThrottleSettings(false, 2, Duration.ofMinutes(2), 50, 0);

    /** Checks the numbers. */
    public ThrottleSettings {
        PolicyChecks.range("multiplier", multiplier, 1, MOST_MULTIPLIER);
        PolicyChecks.duration("window", window);
        PolicyChecks.range("minimumCalls", minimumCalls, 1, MOST_CALLS);
        PolicyChecks.range("reservePercent", reservePercent, 0, MOST_RESERVE);
    }
}
