package dev.architect.routing;

import dev.architect.document.DocumentChange;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A list in one of the documents that all nodes share. Safe for use by several threads. */
final class RoutingDocument<T> {

    private static final int MAX_TRIES = 20;

    private final ClusterStore store;
    private final String name;
    private final Function<String, List<T>> reader;
    private final Function<List<T>, String> writer;

    RoutingDocument(
            ClusterStore store, String name, Function<String, List<T>> reader, Function<List<T>, String> writer) {
        this.store = store;
        this.name = name;
        this.reader = reader;
        this.writer = writer;
    }

    /** Returns what is kept; nothing before the first change. */
    List<T> all() {
        return read(store.document(name));
    }

    private List<T> read(Optional<SharedDocument> document) {
        return document.map(text -> reader.apply(text.text())).orElse(List.of());
    }

    /** Changes the list, once more when another node was faster, and returns what {@code change} does. */
    <R> R change(Function<List<T>, R> change) {
        return DocumentChange.apply(store, name, MAX_TRIES, before -> {
            List<T> all = new ArrayList<>(read(before));
            R result = change.apply(all);
            return DocumentChange.to(writer.apply(all), result);
        });
    }
}
