package dev.architect.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EmbeddingTest {

    @Test
    void isImmutable() {
        float[] given = {1, 2};
        Embedding embedding = Embedding.of(given);
        given[0] = 9;
        embedding.values()[1] = 9;

        assertThat(embedding.values()).containsExactly(1, 2);
        assertThat(embedding).isEqualTo(Embedding.of(1, 2)).hasSameHashCodeAs(Embedding.of(1, 2));
    }

    @Test
    void comparesDirections() {
        Embedding east = Embedding.of(2, 0);

        assertThat(east.cosine(Embedding.of(5, 0))).isEqualTo(1, within(1e-9));
        assertThat(east.cosine(Embedding.of(0, 3))).isEqualTo(0, within(1e-9));
        assertThat(east.cosine(Embedding.of(-1, 0))).isEqualTo(-1, within(1e-9));
        assertThat(east.cosine(Embedding.of(0, 0))).isZero();
        assertThatThrownBy(() -> east.cosine(Embedding.of(1))).hasMessage("other vector has 1 values, expected 2");
    }

    @Test
    void refusesWhatIsNoVector() {
        assertThatThrownBy(Embedding::of).hasMessage("vector has 0 values, expected 1 or more");
        assertThatThrownBy(() -> Embedding.of(1, Float.NaN))
                .hasMessage("vector has a value of NaN, expected finite ones");
    }

    @Test
    void aCallHasTextsAndShowsNone() {
        assertThatThrownBy(() -> new EmbeddingCall("m", List.of(), Optional.empty(), Duration.ofSeconds(1)))
                .hasMessage("texts has 0 entries, expected 1 or more");
        assertThatThrownBy(() -> new EmbeddingCall("m", List.of("x"), Optional.of(0), Duration.ofSeconds(1)))
                .hasMessageStartingWith("dimensions is 0, expected 1..");
        assertThat(new EmbeddingCall("m", List.of("s3cret"), Optional.empty(), Duration.ofSeconds(1)))
                .asString()
                .doesNotContain("s3cret");
    }
}
