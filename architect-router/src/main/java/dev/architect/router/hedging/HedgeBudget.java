package dev.architect.router.hedging;

/**
 * How many second calls may still be made: a part of all requests, and a part of what all calls cost. Nothing is free at the start, so that the
 * parts hold at any time, and at most {@value #MOST_SAVED} second calls are saved up. Safe for use by several threads.
 */
final class HedgeBudget {

    static final int MOST_SAVED = 10;
    private static final int HUNDRED = 100;

    private final int requestPercent;
    private final int spendPercent;
    /** In hundredths of a call. */
    private int saved;

    private double spentPico;
    private double lostPico;

    HedgeBudget(int requestPercent, int spendPercent) {
        this.requestPercent = requestPercent;
        this.spendPercent = spendPercent;
    }

    /** A request begins. */
    synchronized void deposit() {
        saved = Math.min(MOST_SAVED * HUNDRED, saved + requestPercent);
    }

    /** Takes one second call that may cost {@code picoUsd}; false when the budget does not allow it. */
    synchronized boolean tryTake(long picoUsd) {
        if (saved < HUNDRED || (lostPico + picoUsd) * HUNDRED > spentPico * spendPercent) {
            return false;
        }
        saved -= HUNDRED;
        lostPico += picoUsd;
        return true;
    }

    /** The second call was not made. */
    synchronized void giveBack(long picoUsd) {
        saved += HUNDRED;
        lostPico -= picoUsd;
    }

    /** The slower of the two calls cost {@code picoUsd}, where {@code expected} was taken for it. */
    synchronized void settle(long expected, long picoUsd) {
        lostPico += (double) picoUsd - expected;
    }

    /** A call cost so much. */
    synchronized void spend(long picoUsd) {
        spentPico += picoUsd;
    }
}
