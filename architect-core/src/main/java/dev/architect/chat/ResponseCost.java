package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import java.util.Optional;

/**
 * What an answer cost.
 *
 * @param answer the cost of the answering call
 * @param baseline what the same usage would have cost on the baseline model
 * @param spent the cost of all calls of the request, those that failed or whose answers were rejected included; unpriced calls add
 *     nothing
 * @param avoided what the call cost that an answer from a cache stands for; empty for an answer of a call. It is no part of
 *     savings: the other three are nothing then
 */
public record ResponseCost(Cost answer, Cost baseline, MoneyTotal spent, Optional<Cost> avoided) {

    /** Creates the cost of an answer that a call gave. */
    public ResponseCost(Cost answer, Cost baseline, MoneyTotal spent) {
        this(answer, baseline, spent, Optional.empty());
    }

    /** Returns the cost of an answer from a cache. */
    public static ResponseCost cached(Cost avoided) {
        return new ResponseCost(
                Cost.NOT_BILLED, Cost.NOT_BILLED, MoneyTotal.ZERO, Optional.of(Check.notNull("avoided", avoided)));
    }

    /** Checks that every part is there. */
    public ResponseCost {
        Check.notNull("answer", answer);
        Check.notNull("baseline", baseline);
        Check.notNull("spent", spent);
        Check.notNull("avoided", avoided);
    }
}
