package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderCall;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Makes calls to a provider under test, and expects their failures. */
public final class ProviderCalls {

    private static final String MODEL = "large";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private ProviderCalls() {}

    /** Returns a call of the model {@code large} with a timeout of 30 seconds. */
    public static ProviderCall of(ChatRequest request) {
        return new ProviderCall(MODEL, request, TIMEOUT);
    }

    /** As {@link #of(ChatRequest)}, with one user message. */
    public static ProviderCall of(String prompt) {
        return of(ChatRequest.of(prompt));
    }

    /**
     * Runs {@code call} and returns its failure.
     *
     * @throws AssertionError when it succeeds or throws anything but a {@link ProviderException}
     */
    public static ProviderException failure(Callable<?> call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call::call);
        if (failure == null) {
            throw new AssertionError("the call succeeded, expected a ProviderException");
        }
        return failure;
    }
}
