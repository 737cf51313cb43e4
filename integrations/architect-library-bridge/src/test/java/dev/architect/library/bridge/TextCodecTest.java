package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.simulator.script.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain values as text and back. */
final class TextCodecTest {

    @Test
    void everyKindComesBack() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "a:1 \u00e9 \ud83d\ude00");
        values.put("", true);
        values.put("whole", 7);
        values.put("long", 1L << 40);
        values.put("double", -0.25);
        values.put("list", Arrays.asList("x", null, List.of(), Map.of()));

        assertThat(TextCodec.decode(TextCodec.encode(values))).hasValue(values);
        assertThat((byte[])
                        TextCodec.decode(TextCodec.encode(new byte[] {1, -1})).orElseThrow())
                .containsExactly(1, -1);
    }

    @Test
    void valuesThatCannotBeEncodedAreLeftOut() {
        assertThat(TextCodec.encodableEntries(Map.of("a", new Object(), "b", List.of(new Object()), "c", 1)))
                .isEqualTo(Map.of("c", 1));
        assertThatThrownBy(() -> TextCodec.encode(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesThatHoldThemselvesAreNotPlain() {
        List<Object> round = new ArrayList<>();
        round.add(round);

        assertThat(TextCodec.isEncodable(round)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "s", "s5:abc", "s-1:", "L9:s1:a", "L2147483647:", "i3:abc", "s1:ab", "q1:a", "x1:?", "n0:"})
    void anythingElseIsNothing(String text) {
        assertThat(TextCodec.decode(text)).isEmpty();
    }

    @Test
    void damagedTextNeverThrows() {
        String packed = TextCodec.encode(Map.of("a", List.of("one", 2, 3L, 4.0, true), "b", "x".repeat(20)));

        SeededRandom.forAll(20_000, random -> {
            char[] damaged = packed.toCharArray();
            damaged[random.between(0, damaged.length - 1)] = (char) (' ' + random.between(0, 94));
            damaged[random.between(0, damaged.length - 1)] = (char) ('0' + random.between(0, 9));
            assertThat(TextCodec.decode(new String(damaged))).isNotNull();
        });
    }
}
