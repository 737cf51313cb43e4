package dev.architect.store.memory.routing;

import dev.architect.quota.QuotaStore;
import dev.architect.quota.QuotaWindow;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import dev.architect.store.memory.lock.StoreLock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shared limits in memory. Guarded by the store's lock. */
public final class InMemoryQuotas implements QuotaStore {

    /** Twice the longest period: what is older counts nowhere. */
    private static final long KEPT_MICROS = Duration.ofHours(48).toMillis() * 1_000;

    private final StoreLock store;
    private final Map<String, QuotaWindow> windows = new HashMap<>();
    private long lastHolder;

    /** Creates an empty one of the store that {@code store} guards. */
    public InMemoryQuotas(StoreLock store) {
        this.store = store;
    }

    @Override
    public long join() {
        return store.locked(() -> {
            long now = nowMicros();
            windows.values().removeIf(window -> window.clockMicros() < now - KEPT_MICROS);
            return ++lastHolder;
        });
    }

    @Override
    public List<SliceGrant> exchange(long holder, List<SliceRequest> requests) {
        List<SliceRequest> copy = List.copyOf(requests);
        return store.locked(() -> {
            List<SliceGrant> grants = new ArrayList<>(copy.size());
            for (SliceRequest request : copy) {
                grants.add(windows.computeIfAbsent(
                                request.quota(), name -> new QuotaWindow(request.period(), Map.of(), Map.of(), 0))
                        .exchange(holder, request, nowMicros()));
            }
            return grants;
        });
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, store.now());
    }
}
