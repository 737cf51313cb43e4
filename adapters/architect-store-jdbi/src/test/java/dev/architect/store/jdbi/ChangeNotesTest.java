package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChangeNotesTest {

    @Test
    void aRowIsTheListThatAnyJsonReaderSees() {
        Random random = new Random(7);
        for (int run = 0; run < 2_000; run++) {
            List<String> keys = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                keys.add(key(random));
            }
            ChangeNotes notes = new ChangeNotes();
            keys.forEach(key -> notes.add(ChangeTopic.TASK, key));

            ChangeNotes.Row row = notes.take().get(0);

            List<String> expected = List.copyOf(new LinkedHashSet<>(keys));
            assertThat(JsonText.read(row.keys())).isEqualTo(expected);
            assertThat(ChangeNotes.keys(row.keys())).isEqualTo(expected);
            assertThat(ChangeNotes.keys(JsonText.write(expected))).isEqualTo(expected);
            // As json_agg of PostgreSQL writes it.
            assertThat(ChangeNotes.keys(row.keys().replace("\",\"", "\", \""))).isEqualTo(expected);
        }
    }

    private static String key(Random random) {
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            // Without spaces behind commas, as they would be taken for those between keys by the last check above.
            key.append("0123456789abc-_\\\"\n[]{}:/äλ\u0001".charAt(random.nextInt(27)));
        }
        return key.toString();
    }

    @Test
    void manyKeysAreSeveralRows() {
        ChangeNotes notes = new ChangeNotes();
        for (long id = 0; id < ChangeStore.MAX_KEYS + 1; id++) {
            notes.add(ChangeTopic.TASK, Long.toString(id));
        }

        List<ChangeNotes.Row> rows = notes.take();

        assertThat(rows).hasSize(2);
        assertThat(ChangeNotes.keys(rows.get(0).keys())).hasSize(ChangeStore.MAX_KEYS);
        assertThat(rows.get(1).keys()).isEqualTo("[\"" + ChangeStore.MAX_KEYS + "\"]");
        assertThat(notes.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[\"1\"", "{\"a\":\"1\"}", "[\"1\",]", "[\"1\"\"2\"]", "[\"1\" ,\"2\",", "\"1\""})
    void whatIsNoListIsRefused(String text) {
        assertThatThrownBy(() -> ChangeNotes.keys(text)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[ ]"})
    void aListMayBeEmpty(String text) {
        assertThat(ChangeNotes.keys(text)).isEmpty();
    }

    @Test
    void numbersAreReadAsTexts() {
        assertThat(ChangeNotes.keys("[1,\"a\", 2]")).containsExactly("1", "a", "2");
    }
}
