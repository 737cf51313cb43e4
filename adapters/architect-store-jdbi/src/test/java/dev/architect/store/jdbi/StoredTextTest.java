package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "äöü €", "\uD83D\uDE00 a pair", "line\nbreak\ttab"})
    void keepsOrdinaryTextAsItIs(String text) {
        assertThat(StoredText.encode(text)).isSameAs(text);
        assertThat(StoredText.decode(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000",
                "a\u0000b\u0000",
                "\uFDD0",
                "\uFDD00000",
                "\uD83D",
                "\uDE00\uD83D",
                "\uD83D\uD83D\uDE00",
                "x\uDE00"
            })
    void keepsWhatNoColumnCan(String text) {
        String stored = StoredText.encode(text);

        assertThat(stored).doesNotContain("\u0000");
        assertThat(new String(stored.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(stored);
        assertThat(StoredText.decode(stored)).isEqualTo(text);
    }

    @Test
    void givesBackEveryText() {
        Random random = new Random(7);
        char[] alphabet = {'a', '0', '\u0000', '\uFDD0', '\uD83D', '\uDE00', '\uFFFF'};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            assertThat(StoredText.decode(StoredText.encode(text.toString()))).isEqualTo(text.toString());
        }
    }

    @Test
    void keepsNull() {
        assertThat(StoredText.encode(null)).isNull();
        assertThat(StoredText.decode(null)).isNull();
    }
}
