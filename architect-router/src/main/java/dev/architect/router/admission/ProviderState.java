package dev.architect.router.admission;

import dev.architect.spi.ModelProvider;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider and the state of the calls to it.
 *
 * @param provider the provider
 * @param breaker its circuit breaker
 * @param inFlight the number of calls that were sent and have not ended
 */
public record ProviderState(ModelProvider provider, ProviderCircuitBreaker breaker, AtomicInteger inFlight) {

    public String name() {
        return provider.name();
    }
}
