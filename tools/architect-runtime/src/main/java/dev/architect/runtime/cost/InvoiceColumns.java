package dev.architect.runtime.cost;

import java.util.Objects;

/**
 * The names of the columns of an invoice, as in its first line, whatever their case.
 *
 * @param request of the provider's id of a request
 * @param day of the day, or of a time with its zone, which counts on its day of UTC
 * @param model of the model, as the provider names it
 * @param amount of the amount in dollars
 */
public record InvoiceColumns(String request, String day, String model, String amount) {

    /** {@code request_id}, {@code date}, {@code model} and {@code amount_usd}. */
    public static final InvoiceColumns DEFAULT = new InvoiceColumns("request_id", "date", "model", "amount_usd");

    /** Checks that every name is there. */
    public InvoiceColumns {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(day, "day");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(amount, "amount");
    }

    /**
     * Returns a copy with another name of one column.
     *
     * @param column {@code request}, {@code day}, {@code model} or {@code amount}
     * @throws IllegalArgumentException for another column
     */
    public InvoiceColumns with(String column, String name) {
        Objects.requireNonNull(name, "name");
        return switch (Objects.requireNonNull(column, "column")) {
            case "request" -> new InvoiceColumns(name, day, model, amount);
            case "day" -> new InvoiceColumns(request, name, model, amount);
            case "model" -> new InvoiceColumns(request, day, name, amount);
            case "amount" -> new InvoiceColumns(request, day, model, name);
            default ->
                throw new IllegalArgumentException(
                        "column is '" + column + "', expected one of request, day, model, amount");
        };
    }
}
