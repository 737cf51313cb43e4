package dev.architect.spi;

import dev.architect.chat.ChatRequest;
import dev.architect.check.Check;
import dev.architect.request.CallLimits;
import java.time.Duration;

/**
 * One call to make: the request, the model, how long it may take, and perhaps the beginning of its answer.
 *
 * @param model the provider's own id of the model
 * @param request the request; adapters ignore the fields that concern routing
 * @param limits how long it may take
 * @param prefix what the answer begins with, from an earlier call that broke; empty for an answer from its beginning. Adapters send
 *     it as the assistant's last turn, and their answer is only what follows it. It has something besides white space and does not
 *     end in white space, which vendors refuse. Only for models with {@link dev.architect.model.Capability#PREFILL}
 */
public record ProviderCall(String model, ChatRequest request, CallLimits limits, String prefix) {

    /** Checks every field. */
    public ProviderCall {
        Check.notNull("request", request);
        Check.notBlank("model", model);
        Check.notNull("limits", limits);
        if (!Check.notNull("prefix", prefix).stripTrailing().equals(prefix)) {
            throw new IllegalArgumentException("prefix ends in white space, expected text");
        }
    }

    /** Creates a call for an answer from its beginning. */
    public ProviderCall(String model, ChatRequest request, CallLimits limits) {
        this(model, request, limits, "");
    }

    /** Creates a call whose only limit is {@code timeout}, the longest time from the send to the end of the answer. */
    public ProviderCall(String model, ChatRequest request, Duration timeout) {
        this(model, request, CallLimits.within(Check.positive("timeout", timeout)));
    }

    /** Whether the answer has a beginning, which the provider continues. */
    public boolean isPrefilled() {
        return !prefix.isEmpty();
    }

    /** The longest time from the send to the end of the answer. */
    public Duration timeout() {
        return limits.total();
    }

    /** Shows everything but the text. */
    @Override
    public String toString() {
        return "ProviderCall[" + model + ", " + request + ", " + limits + ", " + prefix.length()
                + " characters of the answer]";
    }
}
