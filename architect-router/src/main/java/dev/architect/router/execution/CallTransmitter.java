package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import org.jspecify.annotations.Nullable;

/** How a call reaches its provider. */
@FunctionalInterface
interface CallTransmitter {

    /** On the caller's own thread. */
    CallTransmitter DIRECT =
            (provider, call, listener) -> listener == null ? provider.chat(call) : provider.stream(call, listener);

    /**
     * Makes the call, and returns its answer or throws its failure.
     *
     * @param listener what the answer is streamed to; null when it comes whole
     */
    ProviderAnswer transmit(ModelProvider provider, ProviderCall call, @Nullable ChatListener listener);
}
