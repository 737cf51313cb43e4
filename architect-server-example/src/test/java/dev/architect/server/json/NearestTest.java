package dev.architect.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {

    @Test
    void countsChanges() {
        assertThat(Nearest.distance("", "")).isZero();
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("Prompt", "prompt")).isZero();
    }

    @Test
    void findsTheNearestAndTheFirstOfEquals() {
        assertThat(Nearest.to("timout", List.of("timeout", "type", "tasks"))).isEqualTo("timeout");
        assertThat(Nearest.to("x", List.of("b", "a"))).isEqualTo("a");
    }
}
