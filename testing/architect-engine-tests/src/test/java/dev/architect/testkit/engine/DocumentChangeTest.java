package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.document.DocumentChange;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes of documents that several nodes make at a time. */
final class DocumentChangeTest {

    private static final String NAME = "names";

    private final ClusterStore store = new InMemoryStore(new ManualTime()).cluster();

    private static String text(Optional<SharedDocument> document) {
        return document.map(SharedDocument::text).orElse("");
    }

    @Test
    void changeIsAppliedAgainToWhatAnotherNodeHasWritten() {
        List<String> seen = new ArrayList<>();

        String result = DocumentChange.apply(store, NAME, 2, document -> {
            seen.add(text(document));
            if (seen.size() == 1) {
                store.writeDocument(NAME, 0, "other");
            }
            return DocumentChange.to(text(document) + "+own", "done");
        });

        assertThat(result).isEqualTo("done");
        assertThat(seen).containsExactly("", "other");
        assertThat(store.document(NAME)).hasValue(new SharedDocument(NAME, 2, "other+own"));
    }

    @Test
    void changeOfNothingWritesNothing() {
        int result = DocumentChange.apply(store, NAME, 1, document -> DocumentChange.none(7));

        assertThat(result).isEqualTo(7);
        assertThat(store.document(NAME)).isEmpty();
    }

    @Test
    void lastTryFailsWhenAnotherNodeIsFasterEachTime() {
        List<String> seen = new ArrayList<>();

        assertThatThrownBy(() -> DocumentChange.apply(store, NAME, 3, document -> {
                    seen.add(text(document));
                    store.writeDocument(
                            NAME, document.map(SharedDocument::version).orElse(0L), "other" + seen.size());
                    return DocumentChange.to("own", true);
                }))
                .isInstanceOf(StaleDocumentException.class);

        assertThat(seen).containsExactly("", "other1", "other2");
        assertThat(store.document(NAME)).hasValue(new SharedDocument(NAME, 3, "other3"));
    }
}
