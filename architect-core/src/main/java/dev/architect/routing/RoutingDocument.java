package dev.architect.routing;

import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
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
        return store.document(name)
                .map(document -> reader.apply(document.text()))
                .orElse(List.of());
    }

    /** Changes the list, once more when another node was faster, and returns what {@code change} does. */
    <R> R change(Function<List<T>, R> change) {
        for (int i = 1; ; i++) {
            Optional<SharedDocument> before = store.document(name);
            List<T> all = new ArrayList<>(
                    before.map(document -> reader.apply(document.text())).orElse(List.of()));
            R result = change.apply(all);
            try {
                store.writeDocument(name, before.map(SharedDocument::version).orElse(0L), writer.apply(all));
                return result;
            } catch (StaleDocumentException changed) {
                // Another one was faster, and stays.
                if (i == MAX_TRIES) {
                    throw changed;
                }
            }
        }
    }
}
