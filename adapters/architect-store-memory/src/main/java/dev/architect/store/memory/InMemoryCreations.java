package dev.architect.store.memory;

import dev.architect.creation.CreatedAnswer;
import dev.architect.creation.CreationInProgressException;
import dev.architect.creation.CreationKey;
import dev.architect.creation.CreationKeyReusedException;
import dev.architect.creation.CreationOutcome;
import dev.architect.creation.CreationStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers of creations in memory. Guarded by the store's lock, which is not held while something is created. */
final class InMemoryCreations implements CreationStore {

    /** One that goes on in a thread, until it is kept. */
    private record Pending(CreationKey key, Function<Object, Optional<CreatedAnswer>> made) {}

    private record Kept(String requestHash, CreatedAnswer answer, Instant endsAt) {}

    private final InMemoryStore store;
    private final Map<String, Kept> kept = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private final ThreadLocal<@Nullable Pending> current = new ThreadLocal<>();

    InMemoryCreations(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Optional<CreatedAnswer> find(CreationKey key) {
        return store.locked(() -> {
            Kept found = kept.get(key.id());
            if (found == null || !found.endsAt().isAfter(store.now())) {
                return Optional.empty();
            }
            if (!found.requestHash().equals(key.requestHash())) {
                throw new CreationKeyReusedException(key);
            }
            return Optional.of(found.answer());
        });
    }

    @Override
    public CreationOutcome once(
            CreationKey key, Function<Object, Optional<CreatedAnswer>> made, Supplier<CreatedAnswer> creation) {
        Objects.requireNonNull(made, "made");
        Objects.requireNonNull(creation, "creation");
        Optional<CreatedAnswer> before = store.locked(() -> {
            Optional<CreatedAnswer> found = find(key);
            if (found.isEmpty() && !running.add(key.id())) {
                throw new CreationInProgressException(key);
            }
            return found;
        });
        if (before.isPresent()) {
            return new CreationOutcome(before.get(), true);
        }
        try {
            current.set(new Pending(key, made));
            CreatedAnswer answer;
            try {
                answer = creation.get();
            } finally {
                current.remove();
            }
            return store.locked(() -> {
                Optional<CreatedAnswer> written = find(key);
                if (written.isEmpty()) {
                    keep(key, answer);
                }
                return new CreationOutcome(written.orElse(answer), false);
            });
        } catch (RuntimeException failure) {
            // It was created all the same when its answer is there.
            return find(key).map(first -> new CreationOutcome(first, true)).orElseThrow(() -> failure);
        } finally {
            synchronized (store) {
                running.remove(key.id());
            }
        }
    }

    /** Keeps the answer when this is what the thread creates. Called with the store's lock. */
    void changed(@Nullable Object result) {
        Pending pending = current.get();
        Object value = result instanceof Optional<?> optional && optional.isPresent() ? optional.get() : result;
        if (pending == null || value == null) {
            return;
        }
        pending.made().apply(value).ifPresent(answer -> {
            keep(pending.key(), answer);
            current.remove();
        });
    }

    private void keep(CreationKey key, CreatedAnswer answer) {
        Instant now = store.now();
        kept.values().removeIf(each -> !each.endsAt().isAfter(now));
        kept.put(key.id(), new Kept(key.requestHash(), answer, now.plus(RETENTION)));
    }
}
