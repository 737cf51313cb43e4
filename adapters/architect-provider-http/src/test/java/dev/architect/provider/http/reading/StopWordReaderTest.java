package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.spi.AnswerAssembler;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopWordReaderTest {

    @ParameterizedTest
    @CsvSource({
        "stop, COMPLETE",
        "STOP, COMPLETE",
        "eos, COMPLETE",
        "stop_sequence, STOP_SEQUENCE",
        "length, LENGTH",
        "max_output_tokens, LENGTH",
        "model_length, LENGTH",
        "tool_calls, TOOL_CALLS",
        "function_call, TOOL_CALLS",
        "content_filter, REFUSED",
        "sensitive, REFUSED",
        "word_of_next_year, OTHER",
        "'', OTHER"
    })
    void aWordHasItsReason(String word, StopReason reason) {
        assertThat(StopWordReader.read(word, exchange())).isEqualTo(reason);
    }

    /** The reply ends in order, but what it brought is half an answer. */
    @ParameterizedTest
    @CsvSource({
        "abort, UNAVAILABLE",
        "error, UNAVAILABLE",
        "no_content, UNAVAILABLE",
        "streaming_disabled, UNSUPPORTED",
        "network_error, UNAVAILABLE",
        "insufficient_system_resource, OVERLOADED"
    })
    void aWordMayBeAFailure(String word, FailureKind kind) {
        Exchange exchange = exchange();
        exchange.appendText("half");

        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> StopWordReader.read(word, exchange));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.receivedCharacters()).isEqualTo(4);
        assertThat(failure).hasMessageContaining(word);
    }

    @Test
    void anUnknownWordIsReportedOnceForEachProvider() {
        UnknownStopWords words = new UnknownStopWords();

        assertThat(words.add("one", "novel")).isTrue();
        assertThat(words.add("one", "novel")).isFalse();
        assertThat(words.add("two", "novel")).isTrue();
    }

    @Test
    void aServiceThatMakesUpWordsFillsNoMemory() {
        UnknownStopWords words = new UnknownStopWords();

        long reported = IntStream.range(0, 1_000)
                .filter(number -> words.add("one", "word" + number))
                .count();

        assertThat(reported).isEqualTo(100);
    }

    private static Exchange exchange() {
        return new Exchange(AnswerAssembler.empty(new ModelId("stub", "model")), null, new CallProgress());
    }
}
