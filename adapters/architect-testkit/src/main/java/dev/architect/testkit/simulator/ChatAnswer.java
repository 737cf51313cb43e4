package dev.architect.testkit.simulator;

import java.time.Instant;

/**
 * A complete answer, before it is put into a wire format.
 *
 * @param ids the ids that the answer carries
 * @param model the model name that the answer carries
 * @param text the text
 * @param cutByLimit whether the token limit of the request ended the text
 * @param counts the tokens
 * @param bill the cost
 * @param createdAt the wall time at which the answer began
 * @param nanos the time that generating the whole answer takes
 */
record ChatAnswer(
        Ids ids,
        String model,
        String text,
        boolean cutByLimit,
        TokenCounts counts,
        Bill bill,
        Instant createdAt,
        long nanos) {}
