package dev.architect.benchmarks.gateway;

import java.time.Duration;

/**
 * One round of load on a gateway.
 *
 * @param figures what clients saw
 * @param cpuTime how long its processes kept a processor busy meanwhile
 * @param residentMib what they held of memory at its end
 */
record GatewayRound(LoadFigures figures, Duration cpuTime, double residentMib) {

    /** How long one answer kept a processor busy, in microseconds. */
    double cpuMicros() {
        return cpuTime.toNanos() / 1e3 / Math.max(1, figures.whole().count());
    }
}
