package dev.architect.simulator.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of simulated embeddings. */
class UnitVectorsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 1536})
    void haveLengthOneAndAreAlwaysTheSame(int dimensions) {
        for (String text : new String[] {"", "a short text", "Ü ß 漢字"}) {
            float[] vector = UnitVectors.of(text, dimensions);
            assertThat(vector).hasSize(dimensions).isEqualTo(UnitVectors.of(text, dimensions));
            assertThat(product(vector, vector)).isCloseTo(1, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1536})
    void areNearerForTextsThatShareWords(int dimensions) {
        float[] query = UnitVectors.of("how long does the queue get", dimensions);
        double near = product(query, UnitVectors.of("How long is the QUEUE?", dimensions));
        double far = product(query, UnitVectors.of("bread and butter", dimensions));
        assertThat(near).isGreaterThan(far + 0.2);
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
