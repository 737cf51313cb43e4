package dev.architect.benchmarks.failover.server;

import java.util.Locale;

/**
 * One line of the server's log. Times are milliseconds since the log was reset.
 *
 * @param atMillis when the head of the call had come
 * @param model the model as it was named
 * @param number the how manieth call on that model, from 1
 * @param isStreamed whether a stream was asked for
 * @param lastRole the role of the last message
 * @param promptTokens the tokens of the prompt
 * @param action what the server did
 * @param endMillis when the last byte was written or the call given up; -1 while it runs
 * @param hangUpMillis when the client left before the end; -1 when it did not
 */
public record LoggedCall(
        double atMillis,
        String model,
        int number,
        boolean isStreamed,
        String lastRole,
        int promptTokens,
        FaultAction action,
        double endMillis,
        double hangUpMillis) {

    /** Whether the client left before the end. */
    public boolean isHungUp() {
        return hangUpMillis >= 0;
    }

    LoggedCall ended(double millis) {
        return new LoggedCall(
                atMillis, model, number, isStreamed, lastRole, promptTokens, action, millis, hangUpMillis);
    }

    LoggedCall hungUp(double millis) {
        return new LoggedCall(atMillis, model, number, isStreamed, lastRole, promptTokens, action, millis, millis);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f %s #%d %s last=%s prompt=%d %s end=%.1f hangUp=%.1f",
                atMillis,
                model,
                number,
                isStreamed ? "stream" : "whole",
                lastRole,
                promptTokens,
                action,
                endMillis,
                hangUpMillis);
    }
}
