package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.spi.Embedding;

/** Reads vectors. */
public final class VectorReader {

    private VectorReader() {}

    /**
     * Returns the vector that a list of numbers is.
     *
     * @throws dev.architect.model.ProviderException of kind {@code PROTOCOL} when it is no list, is empty, or has an entry that is
     *     no number or too large for one
     */
    public static Embedding read(JsonNode numbers, Exchange exchange) {
        float[] values = new float[numbers.isArray() ? numbers.size() : 0];
        if (values.length == 0) {
            throw broken(exchange, "vector has 0 values, expected 1 or more");
        }
        for (int index = 0; index < values.length; index++) {
            JsonNode number = numbers.get(index);
            values[index] = number.isNumber() ? number.floatValue() : Float.NaN;
            if (!Float.isFinite(values[index])) {
                throw broken(exchange, "vector has a value that is no number");
            }
        }
        return Embedding.of(values);
    }

    private static RuntimeException broken(Exchange exchange, String words) {
        return exchange.failure(FailureKind.PROTOCOL).explanation(words).build();
    }
}
