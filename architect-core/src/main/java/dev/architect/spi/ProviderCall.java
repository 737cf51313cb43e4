package dev.architect.spi;

import dev.architect.chat.ChatRequest;
import dev.architect.check.Check;
import dev.architect.request.CallLimits;
import java.time.Duration;

/**
 * One call to make: the request, the model, and how long it may take.
 *
 * @param model the provider's own id of the model
 * @param request the request; adapters ignore the fields that concern routing
 * @param limits how long it may take
 */
public record ProviderCall(String model, ChatRequest request, CallLimits limits) {

    /** Checks every field. */
    public ProviderCall {
        Check.notNull("request", request);
        Check.notBlank("model", model);
        Check.notNull("limits", limits);
    }

    /** Creates a call whose only limit is {@code timeout}, the longest time from the send to the end of the answer. */
    public ProviderCall(String model, ChatRequest request, Duration timeout) {
        this(model, request, CallLimits.within(Check.positive("timeout", timeout)));
    }

    /** The longest time from the send to the end of the answer. */
    public Duration timeout() {
        return limits.total();
    }
}
