package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.Store.Subscription;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Texts that all nodes share, whose versions rise and never fall. */
public abstract class StoreDocumentCases extends StoreFixture {

    private static final String NAME = "config/router";

    /** Writers of one document, each of which adds one to it. */
    private static final int WRITES = 1_000;

    /** Creates the cases for one store. */
    protected StoreDocumentCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void keepsADocumentAndCountsItsVersions() throws Exception {
        assertThat(cluster().document(NAME)).isEmpty();

        SharedDocument first = cluster().writeDocument(NAME, 0, "one");
        assertThat(first).isEqualTo(new SharedDocument(NAME, 1, "one"));
        assertThat(second().cluster().document(NAME)).contains(first);

        SharedDocument next = second().cluster().writeDocument(NAME, 1, "two");
        assertThat(next).isEqualTo(new SharedDocument(NAME, 2, "two"));
        assertThat(cluster().document(NAME)).contains(next);
        // The same text again is a change like any other.
        assertThat(cluster().writeDocument(NAME, 2, "two").version()).isEqualTo(3);
    }

    @Test
    void refusesAWriteOfAnotherVersionAndChangesNothing() {
        assertStale(NAME, 1, 0);
        assertStale(NAME, 7, 0);
        cluster().writeDocument(NAME, 0, "one");
        SharedDocument kept = cluster().writeDocument(NAME, 1, "two");

        assertStale(NAME, 0, 2);
        assertStale(NAME, 1, 2);
        assertStale(NAME, 3, 2);
        assertStale(NAME, Long.MAX_VALUE - 1, 2);

        assertThat(cluster().document(NAME)).contains(kept);
        assertThat(cluster().documents("")).containsExactly(kept);
    }

    private void assertStale(String name, long expectedVersion, long version) {
        assertThatThrownBy(() -> cluster().writeDocument(name, expectedVersion, "late"))
                .isInstanceOfSatisfying(StaleDocumentException.class, stale -> {
                    assertThat(stale.name()).isEqualTo(name);
                    assertThat(stale.expectedVersion()).isEqualTo(expectedVersion);
                    assertThat(stale.version()).isEqualTo(version);
                });
    }

    @Test
    void findsDocumentsByTheBeginningOfTheirNames() throws Exception {
        List<String> names = List.of(
                "a", "a/1", "a/%", "a/_", "A/1", "a\u0000", "a\ud83d\udcca/1", "a\ud83d\udccb", "b", "ä/1", "'\"; --");
        for (String name : names) {
            cluster().writeDocument(name, 0, name);
        }

        for (String prefix :
                List.of("", "a", "a/", "a/%", "a/_", "A", "a\u0000", "a\ud83d", "a\ud83d\udcca", "ä", "'", "c")) {
            assertThat(second().cluster().documents(prefix))
                    .as("with prefix '%s'", prefix)
                    .extracting(SharedDocument::name)
                    .containsExactlyElementsOf(names.stream()
                            .filter(name -> name.startsWith(prefix))
                            .sorted()
                            .toList());
        }
        assertThat(cluster().documents(""))
                .allSatisfy(document -> assertThat(document.text()).isEqualTo(document.name()));
    }

    @Test
    void keepsEveryTextAsItIs() throws Exception {
        List<String> texts = List.of(
                "",
                " ",
                ODD,
                "\ud83d",
                "\udcca",
                "\u0000",
                "{\"a\": [1, 2, \"\\u0000\"]}",
                "x".repeat(SharedDocument.MAX_TEXT_LENGTH),
                "\u0000".repeat(10_000));
        for (int i = 0; i < texts.size(); i++) {
            String name = ODD + i;
            SharedDocument written = cluster().writeDocument(name, 0, texts.get(i));

            assertThat(written.name()).isEqualTo(name);
            assertThat(second().cluster().document(name)).contains(written);
        }
        String longest = "ä".repeat(SharedDocument.MAX_NAME_LENGTH);
        cluster().writeDocument(longest, 0, "text");
        assertThat(second().cluster().document(longest)).isPresent();
    }

    @Test
    void refusesWhatIsTooLong() {
        for (String name : List.of("", " ", "x".repeat(SharedDocument.MAX_NAME_LENGTH + 1))) {
            assertThatThrownBy(() -> cluster().writeDocument(name, 0, "text"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> cluster().writeDocument(NAME, 0, "x".repeat(SharedDocument.MAX_TEXT_LENGTH + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(cluster().documents("")).isEmpty();
    }

    @Test
    void losesNoUpdateOfManyWriters() throws Exception {
        AtomicInteger left = new AtomicInteger(WRITES);
        cluster().writeDocument(NAME, 0, "0");

        onBothHandles((handle, number) -> {
            while (left.getAndDecrement() > 0) {
                addOne(handle.cluster());
            }
        });

        SharedDocument last = second().cluster().document(NAME).orElseThrow();
        assertThat(last.text()).isEqualTo(String.valueOf(WRITES));
        assertThat(last.version()).isEqualTo(WRITES + 1);
    }

    private static void addOne(ClusterStore cluster) {
        long seen = 0;
        while (true) {
            SharedDocument before = cluster.document(NAME).orElseThrow();
            assertThat(before.version()).isGreaterThanOrEqualTo(seen);
            seen = before.version();
            try {
                int next = Integer.parseInt(before.text()) + 1;
                cluster.writeDocument(NAME, before.version(), String.valueOf(next));
                return;
            } catch (StaleDocumentException overtaken) {
                assertThat(overtaken.version()).isGreaterThan(before.version());
            }
        }
    }

    @Test
    void oneOfManyThatCreateADocumentDoes() throws Exception {
        AtomicInteger created = new AtomicInteger();

        onBothHandles((handle, number) -> {
            for (int i = 0; i < 5; i++) {
                try {
                    handle.cluster().writeDocument("document-" + i, 0, "by " + number);
                    created.incrementAndGet();
                } catch (StaleDocumentException overtaken) {
                    assertThat(overtaken.version()).isEqualTo(1);
                }
            }
        });

        assertThat(created).hasValue(5);
        assertThat(cluster().documents("document-")).hasSize(5).allMatch(document -> document.version() == 1);
    }

    @Test
    void tellsOfADocumentThatWasWrittenElsewhere() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (Subscription subscription = second().subscribe(change -> {
            if (change.kinds().contains(ChangeKind.CLUSTER)) {
                told.countDown();
            }
        })) {
            cluster().writeDocument(NAME, 0, "one");

            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second().cluster().document(NAME)).isPresent();
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void aClosedStoreRefusesCallsAboutDocuments() {
        store().close();

        assertClosed(() -> cluster().document(NAME));
        assertClosed(() -> cluster().documents(""));
        assertClosed(() -> cluster().writeDocument(NAME, 0, "text"));
    }
}
