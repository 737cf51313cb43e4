package dev.architect.document;

import dev.architect.error.CapacityException;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Things of one form in documents that all nodes share: so many places, of which a new one takes an empty one, else that of the oldest which may be
 * replaced. Methods block for the store; safe for use by several threads.
 */
public final class DocumentPlaces<T> {

    private static final int MAX_TRIES = 20;

    private final ClusterStore store;
    private final int places;
    private final String full;
    private final Form<T> form;

    /**
     * Creates the places.
     *
     * @param places how many there are
     * @param full what takes all of them when none is left, for people
     */
    public DocumentPlaces(ClusterStore store, int places, String full, Form<T> form) {
        this.store = store;
        this.places = places;
        this.full = full;
        this.form = form;
    }

    /**
     * How a thing is written.
     *
     * @param prefix what the names of its documents begin with
     * @param write makes a text of it
     * @param read reads what {@code write} has made
     * @param id unique among all
     * @param since when it began; the oldest is replaced first
     * @param isReplaceable whether another one may take its place
     */
    public record Form<T>(
            String prefix,
            Function<T, String> write,
            Function<String, T> read,
            Function<T, String> id,
            Function<T, Instant> since,
            Predicate<T> isReplaceable) {

        /** Whether a document that a store has written is this one as it is. */
        public boolean isIn(SharedDocument document, T value) {
            return document.name().startsWith(prefix) && document.text().equals(write.apply(value));
        }
    }

    /**
     * A thing at its place, in one version.
     *
     * @param version 0 when there is none yet
     */
    public record Entry<T>(String place, long version, T value) {}

    /** Returns all, newest first. */
    public List<Entry<T>> all() {
        return store.documents(form.prefix()).stream()
                .map(document -> new Entry<>(
                        document.name(), document.version(), form.read().apply(document.text())))
                .sorted(Comparator.comparing((Entry<T> entry) -> form.since().apply(entry.value()))
                        .thenComparing(entry -> form.id().apply(entry.value()))
                        .reversed())
                .toList();
    }

    /** Returns the one with an id. */
    public Optional<Entry<T>> find(String id) {
        return all().stream()
                .filter(entry -> form.id().apply(entry.value()).equals(id))
                .findFirst();
    }

    /**
     * Writes a change.
     *
     * @throws StaleDocumentException when it has changed since it was read
     */
    public Entry<T> write(Entry<T> before, T changed) {
        SharedDocument written = store.writeDocument(
                before.place(), before.version(), form.write().apply(changed));
        return new Entry<>(before.place(), written.version(), changed);
    }

    /**
     * Adds a new one; it is durable when this returns.
     *
     * @throws CapacityException when no place is empty and none may be replaced
     */
    public void add(T value) {
        for (int i = 1; ; i++) {
            Entry<T> place = freePlace(value);
            try {
                write(place, value);
                return;
            } catch (StaleDocumentException taken) {
                // Another one was faster.
                if (i == MAX_TRIES) {
                    throw taken;
                }
            }
        }
    }

    private Entry<T> freePlace(T value) {
        List<Entry<T>> all = all();
        Map<String, Entry<T>> byPlace = new HashMap<>();
        all.forEach(entry -> byPlace.put(entry.place(), entry));
        for (int i = 0; i < places; i++) {
            String place = form.prefix() + i;
            if (!byPlace.containsKey(place)) {
                return new Entry<>(place, 0, value);
            }
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            if (form.isReplaceable().test(all.get(i).value())) {
                return all.get(i);
            }
        }
        throw new CapacityException(full, places);
    }
}
