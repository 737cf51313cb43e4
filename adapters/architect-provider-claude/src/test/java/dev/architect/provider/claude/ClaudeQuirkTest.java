package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.answer;
import static dev.architect.provider.claude.StubbedClaude.call;
import static dev.architect.provider.claude.StubbedClaude.streamed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import org.junit.jupiter.api.Test;

/** Oddities of the real service's streams. */
class ClaudeQuirkTest {

    private static final String START = """
            {"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"output_tokens":1}}}
            """;
    private static final String END = """
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}
            {"type":"message_stop"}""";

    @Test
    void passesOverEventsBlocksAndDeltasOfLaterVersions() {
        ProviderAnswer answer = streamed(START + """
                {"type":"ping"}
                {"type":"brand_new","index":0}
                {"type":"content_block_start","index":0,"content_block":{"type":"novelty","text":"no"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"novelty_delta","text":"no"}}
                {"type":"content_block_start","index":1,"content_block":{"type":"text","text":"y"}}
                {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"es"}}
                {"type":"content_block_delta","index":1,"delta":{"type":"novelty_delta","text":"no"}}
                """ + END);

        assertThat(answer.content()).containsExactly(new Part.Text("yes"));
        assertThat(answer("""
                        {"content":[{"type":"novelty"},{"type":"text","text":"yes"}],"stop_reason":"end_turn"}""").content()).containsExactly(new Part.Text("yes"));
    }

    /** Two answers in one stream: which text, which counts and which model belong together cannot be told. */
    @Test
    void aSecondMessageInOneStreamIsNoAnswer() {
        String first = START.replace("{\"model\"", "{\"id\":\"msg_1\",\"model\"") + """
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"one"}}
                """;
        String second = START.replace("{\"model\"", "{\"id\":\"msg_2\",\"model\"");

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed(first + second + END));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.receivedCharacters()).isEqualTo(3);
        assertThat(failure.usage().isUnknown()).isFalse();
        assertThat(streamed(first + END + "\n" + second).text()).isEqualTo("one");
    }

    @Test
    void aRepeatedBeginningOfTheSameMessageIsHarmless() {
        String start = START.replace("{\"model\"", "{\"id\":\"msg_1\",\"model\"");
        String text = """
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"one"}}
                """;

        for (String events : new String[] {start + start + text, start + text + start, START + start + text}) {
            ProviderAnswer answer = streamed(events + END);

            assertThat(answer.text()).isEqualTo("one");
            assertThat(answer.usage().promptTokens()).isEqualTo(3);
        }
    }

    /** Their input comes as that of the caller's tools does. */
    @Test
    void toolsThatClaudesOwnSideRunsAreNoCalls() {
        ProviderAnswer answer = streamed(START + """
                {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"query\\":1}"}}
                {"type":"content_block_stop","index":0}
                {"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"s","content":[]}}
                {"type":"content_block_start","index":2,"content_block":{"type":"text","text":"Found."}}
                """ + END);

        assertThat(answer.content()).containsExactly(new Part.Text("Found."));
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
    }

    @Test
    void aSecondBeginningKeepsTheText() {
        ProviderAnswer answer = streamed(START + """
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"One"}}
                {"type":"message_start","message":{"model":"n","usage":{"input_tokens":4}}}
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":", two"}}
                """ + END);

        assertThat(answer.text()).isEqualTo("One, two");
        assertThat(answer.model()).isEqualTo("n");
        assertThat(answer.usage().toString()).isEqualTo("INPUT=4,OUTPUT=2");
    }

    @Test
    void aBlockWithoutABeginningIsRead() {
        assertThat(streamed(START + """
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"yes"}}
                """ + END).text()).isEqualTo("yes");
    }

    @Test
    void theReasonToStopOutlivesLaterCounts() {
        assertThat(streamed(START + """
                {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":2}}
                {"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":2}}
                {"type":"message_stop"}""").stopReason()).isEqualTo(StopReason.LENGTH);
    }

    @Test
    void spacesBehindDataAndBareCarriageReturnsDoNotMatter() {
        String padded = StubbedClaude.stream(START.strip() + "\n" + END).replace("}\n", "}      \r\n");
        try (StubbedClaude claude = StubbedClaude.answering(": comment\r\n\r\n" + padded)) {
            assertThat(claude.provider.stream(call(OLDER, ChatRequest.of("Hello?")), piece -> {})
                            .usage()
                            .toString())
                    .isEqualTo("INPUT=3,OUTPUT=2");
        }
    }

    @Test
    void keepsUsageAndTextOfAStreamThatBreaks() {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed(START + """
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"partial"}}
                {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_9"}"""));

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure).hasMessageContaining("overloaded_error");
        assertThat(failure.receivedCharacters()).isEqualTo(7);
        assertThat(failure.usage().toString()).isEqualTo("INPUT=3,OUTPUT=1");
        assertThat(failure.requestId()).contains("req_9");
        assertThat(failure.status()).hasValue(200);
    }

    @Test
    void errorsInAStreamMeanWhatTheyMeanElsewhere() {
        assertThat(kind("rate_limit_error")).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(kind("invalid_request_error")).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(kind("api_error")).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind("brand_new_error")).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aStreamThatEndsEarlyOrNeverBeganIsNoAnswer() {
        for (String events : new String[] {START.strip(), "{\"type\":\"message_stop\"}"}) {
            ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed(events));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    @Test
    void theReasonOfTheEndCompletesAnAnswerWhoseLastEventIsMissing() {
        ProviderAnswer answer = streamed(START + """
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Whole."}}
                {"type":"content_block_stop","index":0}
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}""");

        assertThat(answer.text()).isEqualTo("Whole.");
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.usage().toString()).isEqualTo("INPUT=3,OUTPUT=2");
    }

    private static FailureKind kind(String type) {
        return catchThrowableOfType(
                        ProviderException.class,
                        () -> streamed(START + "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\"}}"))
                .kind();
    }
}
