package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;

/**
 * What an answer cost.
 *
 * @param answer the cost of the answering call
 * @param baseline what the same usage would have cost on the baseline model
 * @param spent the cost of all calls of the request, failed ones included; unpriced calls add nothing
 */
public record ResponseCost(Cost answer, Cost baseline, MoneyTotal spent) {

    /** Checks that every part is there. */
    public ResponseCost {
        Check.notNull("answer", answer);
        Check.notNull("baseline", baseline);
        Check.notNull("spent", spent);
    }
}
