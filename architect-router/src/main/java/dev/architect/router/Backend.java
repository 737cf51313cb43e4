package dev.architect.router;

import dev.architect.spi.ModelProvider;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider and how it stands.
 *
 * @param provider the provider
 * @param breaker whether calls are let through
 * @param inFlight calls on their way
 */
record Backend(ModelProvider provider, Breaker breaker, AtomicInteger inFlight) {

    String name() {
        return provider.name();
    }
}
