package dev.architect.provider.http.transport;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.SecretSource;
import java.util.Optional;

/** A header that carries a key, looked up at each call. {@code toString} shows names only. */
public record ApiKeyHeader(String header, String prefix, SecretSource secrets, String secretName, boolean isRequired) {

    /** Returns the header's value; empty when there is no key and none is required. */
    Optional<String> value(Exchange exchange) {
        Optional<String> key = secrets.secret(secretName).map(String::strip).filter(text -> !text.isEmpty());
        if (key.isEmpty() && isRequired) {
            throw unusable(exchange, "no key " + secretName);
        }
        if (key.isPresent() && !isPlain(key.get())) {
            throw unusable(exchange, "key " + secretName + " has characters that no header may have");
        }
        return key.map(prefix::concat);
    }

    private static boolean isPlain(String key) {
        for (int index = 0; index < key.length(); index++) {
            if (key.charAt(index) <= ' ' || key.charAt(index) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static RuntimeException unusable(Exchange exchange, String explanation) {
        return exchange.failure(FailureKind.AUTHENTICATION)
                .delivery(DeliveryStatus.NOT_SENT)
                .explanation(explanation)
                .build();
    }

    @Override
    public String toString() {
        return header + " from " + secretName;
    }
}
