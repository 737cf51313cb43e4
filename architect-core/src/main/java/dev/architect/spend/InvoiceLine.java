package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import java.time.LocalDate;

/**
 * A line of a provider's invoice.
 *
 * @param key what it is for: the provider's id of a request, or {@link #key(LocalDate, String) day and model}
 * @param amount what the provider bills, negative for a credit; several lines of one key are added up
 */
public record InvoiceLine(String key, Money amount) {

    /** Checks both. */
    public InvoiceLine {
        Check.notBlank("key", key);
        Check.notNull("amount", amount);
    }

    /** Returns the key of a day of UTC and of a model, as the provider names it. */
    public static String key(LocalDate day, String model) {
        return Check.notNull("day", day) + " " + Check.notBlank("model", model);
    }
}
