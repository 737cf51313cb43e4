package dev.architect.benchmarks.task;

/**
 * What was done in a measured time, which begins after the first tenth: that warms up.
 *
 * @param perSecond how many tasks were done a second
 * @param seconds how long was measured; a figure of less than ten seconds spreads widely
 */
record Window(double perSecond, double seconds) {

    /** How many of {@code tasks} are done before it begins. */
    static int warmUp(int tasks) {
        return tasks / 10;
    }

    /** Returns the window of {@code tasks} that began at {@code started} of the monotonic clock and ends now. */
    static Window since(long started, long tasks) {
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Window(tasks / seconds, seconds);
    }
}
