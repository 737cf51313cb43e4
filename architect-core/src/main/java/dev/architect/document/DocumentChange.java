package dev.architect.document;

import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import java.util.Optional;
import java.util.function.Function;

/**
 * What becomes of a document that all nodes share.
 *
 * @param text its new text; empty when it stays as it is
 * @param result what the change returns
 */
public record DocumentChange<R>(Optional<String> text, R result) {

    /** Returns a change to a text. */
    public static <R> DocumentChange<R> to(String text, R result) {
        return new DocumentChange<>(Optional.of(text), result);
    }

    /** Returns the change of nothing. */
    public static <R> DocumentChange<R> none(R result) {
        return new DocumentChange<>(Optional.empty(), result);
    }

    /**
     * Changes a document by compare and set: when another node has changed it meanwhile, {@code change} is applied to what that one has written. Blocks
     * for the store.
     *
     * @param maxTries how often it is tried
     * @param change is given the document as it is, empty when there is none; called once for each try
     * @return the result of the change that was written, or that changes nothing
     * @throws StaleDocumentException when another node was faster each time; nothing has changed
     */
    public static <R> R apply(
            ClusterStore store,
            String name,
            int maxTries,
            Function<Optional<SharedDocument>, DocumentChange<R>> change) {
        for (int i = 1; ; i++) {
            Optional<SharedDocument> before = store.document(name);
            DocumentChange<R> wanted = change.apply(before);
            if (wanted.text().isEmpty()) {
                return wanted.result();
            }
            try {
                store.writeDocument(
                        name,
                        before.map(SharedDocument::version).orElse(0L),
                        wanted.text().get());
                return wanted.result();
            } catch (StaleDocumentException changed) {
                if (i == maxTries) {
                    throw changed;
                }
            }
        }
    }
}
