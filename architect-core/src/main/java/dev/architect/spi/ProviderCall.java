package dev.architect.spi;

import dev.architect.chat.ChatRequest;
import dev.architect.check.Check;
import java.time.Duration;

/**
 * One call to make: the request, the model, and how long it may take.
 *
 * @param model the provider's own id of the model
 * @param request the request; adapters ignore the fields that concern routing
 * @param timeout the longest time from the send to the end of the answer
 */
public record ProviderCall(String model, ChatRequest request, Duration timeout) {

    /** Checks every field. */
    public ProviderCall {
        Check.notNull("request", request);
        Check.notBlank("model", model);
        Check.positive("timeout", timeout);
    }
}
