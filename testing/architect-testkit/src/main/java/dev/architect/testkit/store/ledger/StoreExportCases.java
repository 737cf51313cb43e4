package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.export.ExportStore;
import dev.architect.spi.Store;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of exports, which every process of a store has. */
public abstract class StoreExportCases {

    private static final String ODD = "a\u0000\ud83d%_'\"\ufdd0";

    private final StoreHandles handles;
    private final ManualTime time = new ManualTime();
    private @Nullable Store open;
    private @Nullable Store other;

    /** Creates the cases for one store. */
    protected StoreExportCases(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(time);
    }

    @AfterEach
    void closeStore() {
        if (other != null) {
            other.close();
        }
        if (open != null) {
            open.close();
        }
    }

    private Store store() {
        if (open == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return open;
    }

    private ExportStore exports() {
        return store().exports().orElseThrow();
    }

    private ExportStore second() throws Exception {
        if (other == null) {
            other = handles.openAnother(store(), time);
        }
        return other.exports().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void keepsPartsAsTheyAreForEveryProcess() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] large = new byte[ExportStore.MAX_BYTES];
        large[large.length - 1] = 7;

        exports().write("one", 0, all);
        exports().write("one", ExportStore.MAX_PARTS - 1, new byte[0]);
        exports().write("two", 0, large);

        assertThat(second().part("one", 0)).contains(all);
        assertThat(second().part("one", ExportStore.MAX_PARTS - 1)).contains(new byte[0]);
        assertThat(second().part("two", 0))
                .hasValueSatisfying(
                        part -> assertThat(part).hasSize(ExportStore.MAX_BYTES).endsWith(7));
        assertThat(second().part("one", 1)).isEmpty();
        assertThat(second().part("three", 0)).isEmpty();
        assertThat(second().exports()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void writingAPartAgainReplacesIt() throws Exception {
        exports().write("one", 3, bytes("half"));
        second().write("one", 3, bytes("whole"));

        assertThat(exports().part("one", 3)).contains(bytes("whole"));
        assertThat(exports().delete("one")).isOne();
    }

    @Test
    void deletesAllPartsOfOneExport() throws Exception {
        exports().write("one", 0, bytes("a"));
        exports().write("one", 1, bytes("b"));
        exports().write("one1", 0, bytes("c"));
        exports().write(ODD, 0, bytes("d"));

        assertThat(second().delete("one")).isEqualTo(2);
        assertThat(second().delete("one")).isZero();
        assertThat(exports().part("one", 0)).isEmpty();
        assertThat(exports().exports()).containsExactlyInAnyOrder("one1", ODD);
        assertThat(exports().part(ODD, 0)).contains(bytes("d"));
        assertThat(exports().delete(ODD)).isOne();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        byte[] none = new byte[0];
        for (String id : new String[] {"", " ", "x".repeat(ExportStore.MAX_ID + 1)}) {
            assertThatThrownBy(() -> exports().write(id, 0, none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("export ");
        }
        assertThatThrownBy(() -> exports().write("one", -1, none)).hasMessage("number is -1, expected 0..9999");
        assertThatThrownBy(() -> exports().write("one", ExportStore.MAX_PARTS, none))
                .hasMessage("number is 10000, expected 0..9999");
        assertThatThrownBy(() -> exports().write("one", 0, new byte[ExportStore.MAX_BYTES + 1]))
                .hasMessageStartingWith("content length is 4194305, expected ");
        assertThat(exports().exports()).isEmpty();
    }

    @Test
    void failsOnceTheStoreIsClosed() {
        ExportStore exports = exports();
        store().close();

        assertThatThrownBy(() -> exports.write("one", 0, new byte[0]))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.CLOSED));
    }
}
