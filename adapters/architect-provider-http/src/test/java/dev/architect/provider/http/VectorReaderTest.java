package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.spi.Embedding;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of answers. */
class VectorReaderTest {

    @Test
    void readsNumbersOfEveryKind() throws Exception {
        assertThat(read("[0, -1, 2.5e-3]")).isEqualTo(Embedding.of(0, -1, 0.0025f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "7", "null", "[\"1\"]", "[null]", "[[1]]", "[1, 1e99]"})
    void whatIsNoVectorIsAFailure(String json) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> read(json));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure).hasMessageContaining("vector has");
    }

    private static Embedding read(String json) throws IOException {
        JsonNode numbers = new ObjectMapper().readTree(json);
        return VectorReader.read(numbers, new Exchange(new ModelId("stub", "model")));
    }
}
