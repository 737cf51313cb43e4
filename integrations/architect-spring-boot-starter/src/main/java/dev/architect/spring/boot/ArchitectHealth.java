package dev.architect.spring.boot;

import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.maintenance.EngineHealth;
import dev.architect.route.ProviderStatus;
import dev.architect.spi.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How an {@link Architect} fares, in no generation's words. */
final class ArchitectHealth {

    private final Architect architect;
    private final Store store;

    ArchitectHealth(Architect architect, Store store) {
        this.architect = architect;
        this.store = store;
    }

    /**
     * How it fares at one moment.
     *
     * @param isUp false when the store does not answer, or the engine is degraded; a provider that is down is none of the host's faults
     * @param details what a person wants to know, without secrets
     */
    record Report(boolean isUp, Map<String, Object> details) {}

    /** Asks the store; blocks for it. */
    Report report() {
        Map<String, Object> details = new LinkedHashMap<>();
        boolean storeAnswers = addStore(details);
        EngineHealth engine = architect.health();
        List<String> reasons = engine.reasons();
        if (!reasons.isEmpty()) {
            details.put("reasons", reasons);
        }
        details.put("claiming", !architect.sessions().isPaused());
        details.put("runningTasks", architect.sessions().runningAttempts());
        Map<String, String> providers = new TreeMap<>();
        for (ProviderStatus provider : architect.providers().statuses()) {
            providers.put(
                    provider.name(),
                    "circuit breaker "
                            + provider.breaker().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        details.put("providers", providers);
        return new Report(storeAnswers && reasons.isEmpty(), details);
    }

    private boolean addStore(Map<String, Object> details) {
        details.put("store", store.getClass().getSimpleName());
        try {
            details.put("nodes", store.nodes().aliveCount());
            return true;
        } catch (StoreException failure) {
            details.put("storeFailure", failure.kind().name().toLowerCase(Locale.ROOT) + ": " + failure.getMessage());
            return false;
        }
    }
}
