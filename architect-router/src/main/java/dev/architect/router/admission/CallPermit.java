package dev.architect.router.admission;

/**
 * The right to make one call: a permit of the model and a pass of its provider's breaker are held.
 *
 * @param position place on the route
 * @param deployment the model to ask
 * @param breakerPermit to be ended when the call has ended
 */
public record CallPermit(int position, Deployment deployment, ProviderCircuitBreaker.BreakerPermit breakerPermit) {}
