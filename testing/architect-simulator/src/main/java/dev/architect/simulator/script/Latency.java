package dev.architect.simulator.script;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The time from the arrival of a request to the first byte of its answer: fixed, or log-normal as real services show it.
 *
 * @param median the value that half of the calls stay under; zero or more
 * @param sigma the standard deviation of the logarithm; 0 makes the latency fixed
 * @param cap the longest latency; not shorter than the median
 */
public record Latency(Duration median, double sigma, Duration cap) {

    private static final Duration MAX = Duration.ofHours(1);

    /** Checks the values. */
    public Latency {
        if (median.isNegative() || median.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("median is " + median + ", expected PT0S to " + MAX);
        }
        if (!(sigma >= 0 && sigma <= 5)) {
            throw new IllegalArgumentException("sigma is " + sigma + ", expected 0 to 5");
        }
        if (cap.compareTo(median) < 0 || cap.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("cap is " + cap + ", expected " + median + " to " + MAX);
        }
    }

    /** Answers at once. */
    public static Latency none() {
        return fixed(Duration.ZERO);
    }

    /** The same latency for every call. */
    public static Latency fixed(Duration time) {
        return new Latency(time, 0, time);
    }

    /** A latency with a long tail that ends at a cap. */
    public static Latency logNormal(Duration median, double sigma, Duration cap) {
        return new Latency(median, sigma, cap);
    }

    public Duration draw(RandomGenerator random) {
        if (sigma == 0 || median.isZero()) {
            return median;
        }
        // StrictMath, so that the same seed gives the same latency on every machine.
        double nanos = median.toNanos() * StrictMath.exp(sigma * random.nextGaussian());
        return nanos >= cap.toNanos() ? cap : Duration.ofNanos((long) nanos);
    }
}
