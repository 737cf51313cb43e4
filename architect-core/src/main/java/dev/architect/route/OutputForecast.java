package dev.architect.route;

import dev.architect.check.Check;

/**
 * How long an answer will probably be.
 *
 * @param p50 tokens that half of the answers do not exceed
 * @param p90 tokens that nine of ten answers do not exceed; no fewer than {@code p50}
 * @param calls how many earlier calls that is known from, 30 or more
 * @param basis which ones they are
 */
public record OutputForecast(long p50, long p90, int calls, Basis basis) {

    /** Which earlier calls of the model a forecast is made from: the nearest ones of which there are enough. */
    public enum Basis {
        /** Those with a prompt of the same class and of about the same size. */
        PROMPT_SIZE,
        /** Those with a prompt of the same class. */
        COMPLEXITY,
        /** All of them. */
        MODEL,
        /** Those of tasks of the same type, with a prompt of about the same size; nearer than all others. */
        TASK_TYPE_AND_SIZE,
        /** Those of tasks of the same type; the next nearest. */
        TASK_TYPE
    }

    /** Checks every field. */
    public OutputForecast {
        Check.notNegative("p50", p50);
        Check.notNegative("p90", p90);
        Check.notNegative("calls", calls);
        Check.notNull("basis", basis);
        if (p90 < p50) {
            throw new IllegalArgumentException("p90 is " + p90 + ", expected " + p50 + " or more");
        }
    }
}
