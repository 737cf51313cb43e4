package dev.architect.router.admission;

import dev.architect.spi.ModelProvider;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider and how it stands.
 *
 * @param provider the provider
 * @param breaker whether calls are let through
 * @param inFlight calls on their way
 */
public record ProviderState(ModelProvider provider, ProviderCircuitBreaker breaker, AtomicInteger inFlight) {

    public String name() {
        return provider.name();
    }
}
