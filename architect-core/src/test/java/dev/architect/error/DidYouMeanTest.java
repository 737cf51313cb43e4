package dev.architect.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {

    @Test
    void suggestsTheNameWithTheFewestMistakes() {
        assertThat(DidYouMean.of("timout", List.of("timeout", "type", "tasks"))).contains("timeout");
        assertThat(DidYouMean.of("prioritee", List.of("prompt", "priority"))).contains("priority");
        assertThat(DidYouMean.of("max_attempts", List.of("maxAttempts", "model")))
                .contains("maxAttempts");
    }

    @Test
    void ignoresCaseAndKeepsTheKnownSpelling() {
        assertThat(DidYouMean.of("BASEURL", List.of("baseUrl"))).contains("baseUrl");
    }

    @Test
    void prefersANameThatBeginsSo() {
        assertThat(DidYouMean.of("prov", List.of("pro", "providers"))).contains("providers");
    }

    @Test
    void takesTheFirstOfEquallyNearNames() {
        assertThat(DidYouMean.of("cat", List.of("hat", "bat"))).contains("hat");
    }

    @Test
    void suggestsNothingWhenNoNameIsNear() {
        assertThat(DidYouMean.of("colour", List.of("timeout", "type"))).isEmpty();
        assertThat(DidYouMean.of("x".repeat(41), List.of("x".repeat(40)))).isEmpty();
        assertThat(DidYouMean.of("x", List.of("b", "a"))).isEmpty();
        assertThat(DidYouMean.of("name", List.of())).isEmpty();
    }

    @Test
    void countsInsertedDeletedChangedAndSwappedLetters() {
        assertThat(DidYouMean.editDistance("", "")).isZero();
        assertThat(DidYouMean.editDistance("", "abc")).isEqualTo(3);
        assertThat(DidYouMean.editDistance("kitten", "sitting")).isEqualTo(3);
        assertThat(DidYouMean.editDistance("ab", "ba")).isEqualTo(1);
    }
}
