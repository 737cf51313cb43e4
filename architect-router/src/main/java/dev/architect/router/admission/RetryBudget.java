package dev.architect.router.admission;

/**
 * How many calls may be repeated, over all requests: each request pays in a part of a repetition, each repetition takes out a whole
 * one. In an outage the repetitions then add at most that part to the load. Safe for use by several threads.
 */
public final class RetryBudget {

    private static final int WHOLE = 100;

    /** Free at the start, and the most that is saved up: an idle hour is no reason for a burst. */
    private static final int MOST = 10 * WHOLE;

    private final int percent;
    private final Object lock = new Object();
    private int saved;

    /**
     * Creates a budget.
     *
     * @param percent what a request pays in, in hundredths of a repetition; with 0 nothing is ever repeated
     */
    public RetryBudget(int percent) {
        this.percent = percent;
        this.saved = percent == 0 ? 0 : MOST;
    }

    /** A request begins. */
    public void deposit() {
        synchronized (lock) {
            saved = Math.min(MOST, saved + percent);
        }
    }

    /** Whether one more repetition is allowed; it is taken out if so. */
    public boolean tryWithdraw() {
        synchronized (lock) {
            if (saved < WHOLE) {
                return false;
            }
            saved -= WHOLE;
            return true;
        }
    }
}
