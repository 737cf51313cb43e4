package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttributeCodecTest {

    @Test
    void writesNamesInOrderWithTheirLengths() {
        assertThat(AttributeCodec.encode(Map.of("quality", "", "model", "claude/haiku")))
                .isEqualTo("5:model12:claude/haiku7:quality0:");
    }

    @Test
    void writesNothingForNothing() {
        assertThat(AttributeCodec.encode(Map.of())).isNull();
        assertThat(AttributeCodec.decode(null)).isEmpty();
    }

    @Test
    void readsWhatItWrote() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Map<String, String> attributes = new HashMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                attributes.put(text(random), text(random));
            }
            assertThat(AttributeCodec.decode(AttributeCodec.encode(attributes)))
                    .as("seed %d", seed)
                    .isEqualTo(attributes);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append("0189:;=,\n ü\uD83D\uDE80".charAt(random.nextInt(13)));
        }
        return text.toString();
    }
}
