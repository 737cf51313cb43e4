package dev.architect.router.admission;

/**
 * The right to make one call: a permit of the model's concurrency limit and a permit of its provider's circuit breaker are held.
 *
 * @param position the place of the candidate on the route, from 0
 * @param deployment the model to call
 * @param breakerPermit on which the outcome of the call is recorded, exactly once
 */
public record CallPermit(int position, Deployment deployment, ProviderCircuitBreaker.BreakerPermit breakerPermit) {

    /** Gives both permits back, because the call is not made. */
    public void release() {
        breakerPermit.release();
        deployment.limiter().release();
    }
}
