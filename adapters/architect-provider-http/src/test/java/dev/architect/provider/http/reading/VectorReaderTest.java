package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.spi.AnswerAssembler;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    @Test
    void putsEntriesInTheOrderOfTheirIndex() throws Exception {
        assertThat(ordered("[{\"index\":1,\"v\":7},{\"index\":0,\"v\":8}]"))
                .extracting(entry -> entry.path("v").asInt())
                .containsExactly(8, 7);
        assertThat(ordered("[{\"v\":7},{\"v\":8}]"))
                .extracting(entry -> entry.path("v").asInt())
                .containsExactly(7, 8);
        assertThat(ordered("7")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[{\"index\":1}]", "[{\"index\":-1}]", "[{\"index\":0},{\"index\":0}]", "[{\"index\":1},{}]"})
    void entriesThatStandTwiceOrNowhereAreAFailure(String json) {
        assertThat(catchThrowableOfType(ProviderException.class, () -> ordered(json)))
                .hasMessageContaining("vector has the index")
                .extracting(ProviderException::kind)
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void answersWithWhatWasCounted() {
        EmbeddingAnswer counted = answer(LongNode.valueOf(4), Embedding.of(1, 2), Embedding.of(3, 4));
        EmbeddingAnswer uncounted = answer(MissingNode.getInstance(), Embedding.of(1), Embedding.of(2));

        assertThat(counted.vectors()).containsExactly(Embedding.of(1, 2), Embedding.of(3, 4));
        assertThat(counted.usage().toString()).isEqualTo("INPUT=4");
        assertThat(counted.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(uncounted.usage()).isEqualTo(TokenUsage.UNKNOWN);
        assertThat(uncounted.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void everyTextHasAVectorOfOneLength() {
        LongNode count = LongNode.valueOf(4);

        assertThat(catchThrowableOfType(ProviderException.class, () -> answer(count, Embedding.of(1))))
                .hasMessageContaining("answer has 1 vectors, expected 2");
        assertThat(catchThrowableOfType(
                        ProviderException.class, () -> answer(count, Embedding.of(1), Embedding.of(1, 2))))
                .hasMessageContaining("answer has vectors of more than one length");
    }

    private static EmbeddingAnswer answer(JsonNode tokens, Embedding... vectors) {
        EmbeddingCall call = new EmbeddingCall("model", List.of("a", "b"), Optional.empty(), Duration.ofSeconds(9));
        return VectorReader.answer(call, "model", List.of(vectors), tokens, exchange());
    }

    private static List<JsonNode> ordered(String json) throws IOException {
        return VectorReader.ordered(new ObjectMapper().readTree(json), exchange());
    }

    private static Exchange exchange() {
        return new Exchange(AnswerAssembler.empty(new ModelId("stub", "model")), null, new CallProgress());
    }

    private static Embedding read(String json) throws IOException {
        JsonNode numbers = new ObjectMapper().readTree(json);
        return VectorReader.read(numbers, exchange());
    }
}
