package dev.architect.router.policy;

import java.time.Duration;

/**
 * Whether providers are probed while no call shows how they are. A probe asks a provider for its list of models or for its health; it
 * calls no model and uses no tokens, and counts against the rate limits of the key where its vendor counts such calls.
 *
 * @param isEnabled whether there are probes
 * @param interval how often a provider is looked at, 1 s to 24 h; it is probed when one of its models is out of order or had no call for so
 *     long
 */
public record ProbeSettings(boolean isEnabled, Duration interval) {

    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(30);
    static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

    /** No probes: they would call providers that the host has no use for at the moment. */
    public static final ProbeSettings OFF = new ProbeSettings(false, USUAL_INTERVAL);

    /** Probes each 30 seconds. */
    public static final ProbeSettings ON = new ProbeSettings(true, USUAL_INTERVAL);

    /** Checks the interval. */
    public ProbeSettings {
        PolicyChecks.duration("interval", interval);
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new IllegalArgumentException(
                    "interval is " + interval + ", expected " + SHORTEST_INTERVAL + " or more");
        }
    }
}
