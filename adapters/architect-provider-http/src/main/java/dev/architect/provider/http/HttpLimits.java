package dev.architect.provider.http;

import java.time.Duration;

/**
 * Limits of one provider's HTTP calls. The total time of a call is not here: it comes with each call.
 *
 * @param connectTimeout longest time to reach the provider
 * @param idleTimeout longest silence inside a streamed answer; a whole answer is bounded by its call's timeout alone
 * @param probeTimeout longest time of a health probe
 * @param maxAnswerBytes the most bytes of an answer, decompressed
 * @param maxEventBytes the most bytes of one event of a streamed answer
 * @param maxJsonDepth the deepest nesting of a JSON value
 * @param idleConnections connections kept open without a call
 */
public record HttpLimits(
        Duration connectTimeout,
        Duration idleTimeout,
        Duration probeTimeout,
        int maxAnswerBytes,
        int maxEventBytes,
        int maxJsonDepth,
        int idleConnections) {

    private static final HttpLimits DEFAULTS = new HttpLimits(
            Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofSeconds(5), 8 << 20, 4 << 20, 200, 16);

    /** Checks that times are longer than zero and sizes are more than zero. */
    public HttpLimits {
        positive("connectTimeout", connectTimeout);
        positive("idleTimeout", idleTimeout);
        positive("probeTimeout", probeTimeout);
        positive("maxAnswerBytes", maxAnswerBytes);
        positive("maxEventBytes", maxEventBytes);
        positive("maxJsonDepth", maxJsonDepth);
        positive("idleConnections", idleConnections);
    }

    /** Returns 10 s to connect, 2 minutes of silence, 5 s for a probe, answers of 8 MiB, events of 4 MiB, depth 200. */
    public static HttpLimits defaults() {
        return DEFAULTS;
    }

    /** Returns these limits with another connect timeout. */
    public HttpLimits withConnectTimeout(Duration timeout) {
        return new HttpLimits(
                timeout, idleTimeout, probeTimeout, maxAnswerBytes, maxEventBytes, maxJsonDepth, idleConnections);
    }

    /** Returns these limits with another idle timeout. */
    public HttpLimits withIdleTimeout(Duration timeout) {
        return new HttpLimits(
                connectTimeout, timeout, probeTimeout, maxAnswerBytes, maxEventBytes, maxJsonDepth, idleConnections);
    }

    /** Returns these limits with another probe timeout. */
    public HttpLimits withProbeTimeout(Duration timeout) {
        return new HttpLimits(
                connectTimeout, idleTimeout, timeout, maxAnswerBytes, maxEventBytes, maxJsonDepth, idleConnections);
    }

    /** Returns these limits with another size of answers. */
    public HttpLimits withMaxAnswerBytes(int bytes) {
        return new HttpLimits(
                connectTimeout, idleTimeout, probeTimeout, bytes, maxEventBytes, maxJsonDepth, idleConnections);
    }

    /** Returns these limits with another size of events. */
    public HttpLimits withMaxEventBytes(int bytes) {
        return new HttpLimits(
                connectTimeout, idleTimeout, probeTimeout, maxAnswerBytes, bytes, maxJsonDepth, idleConnections);
    }

    private static void positive(String field, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
    }

    private static void positive(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", expected 1 or more");
        }
    }
}
