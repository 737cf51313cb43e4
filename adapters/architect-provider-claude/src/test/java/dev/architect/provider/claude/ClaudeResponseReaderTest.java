package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.ANSWER;
import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.answer;
import static dev.architect.provider.claude.StubbedClaude.call;
import static dev.architect.provider.claude.StubbedClaude.streamed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaudeResponseReaderTest {

    private static final List<Citation> CITATIONS = List.of(
            new Citation("", "Guide", Optional.empty(), Optional.of("The sky is blue.")),
            new Citation("", "", Optional.empty(), Optional.of("So is the sea.")),
            new Citation("", "Sky", Optional.of("https://example.com/sky"), Optional.of("Blue.")));

    private static final List<String> SOURCES = List.of("""
            {"type":"char_location","cited_text":"The sky is blue.","document_index":0,"document_title":"Guide"}""", """
            {"type":"page_location","cited_text":"So is the sea.","document_index":1,"document_title":null}""", """
            {"type":"web_search_result_location","cited_text":"Blue.","title":"Sky","url":"https://example.com/sky"}""");

    @ParameterizedTest
    @CsvSource({
        "end_turn, COMPLETE",
        "stop_sequence, STOP_SEQUENCE",
        "max_tokens, LENGTH",
        "model_context_window_exceeded, LENGTH",
        "tool_use, TOOL_CALLS",
        "pause_turn, PAUSED",
        "refusal, REFUSED",
        "brand_new, OTHER"
    })
    void everyStopReasonHasItsMeaning(String word, StopReason meaning) {
        assertThat(answer("{\"content\":[],\"stop_reason\":\"" + word + "\"}").stopReason())
                .isEqualTo(meaning);
        assertThat(streamed("""
                        {"type":"message_start","message":{"model":"m"}}
                        {"type":"message_delta","delta":{"stop_reason":"%s"}}
                        {"type":"message_stop"}""".formatted(word)).stopReason()).isEqualTo(meaning);
    }

    @Test
    void aRefusalWithoutContentIsAnAnswer() {
        ProviderAnswer answer = answer("""
                {"type":"message","model":"claude-fable-5","content":[],"stop_reason":"refusal",
                 "stop_details":{"type":"refusal","category":"cyber","explanation":"No."},
                 "usage":{"input_tokens":18,"output_tokens":5}}""");

        assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED);
        assertThat(answer.content()).isEmpty();
        assertThat(answer.usage().toString()).isEqualTo("INPUT=18,OUTPUT=5");
    }

    @Test
    void citesDocumentsAndPlacesOnTheWeb() {
        ProviderAnswer answer = answer("{\"content\":[{\"type\":\"text\",\"text\":\"Blue.\",\"citations\":["
                + String.join(",", SOURCES) + "]},{\"type\":\"text\",\"text\":\" Yes.\",\"citations\":null}]}");

        assertThat(answer.text()).isEqualTo("Blue. Yes.");
        assertThat(answer.citations()).isEqualTo(CITATIONS);
    }

    @Test
    void citesInAStreamAsInAWholeAnswer() {
        List<Citation> received = new ArrayList<>();
        StringBuilder events = new StringBuilder("""
                {"type":"message_start","message":{"model":"m"}}
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[]}}
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Blue."}}
                """);
        SOURCES.forEach(source -> events.append("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":")
                .append("{\"type\":\"citations_delta\",\"citation\":")
                .append(source)
                .append("}}\n"));
        events.append("{\"type\":\"message_stop\"}");

        ProviderAnswer answer = streamed(events.toString(), new ChatListener() {
            @Override
            public void onText(String piece) {}

            @Override
            public void onCitation(Citation citation) {
                received.add(citation);
            }
        });

        assertThat(answer.citations()).isEqualTo(CITATIONS).isEqualTo(received);
    }

    @Test
    void reportsTheRemainingRateLimits() {
        ReplyHeaders headers = ReplyHeaders.of(
                "date", "Wed, 19 Aug 2026 14:34:27 GMT",
                "request-id", "req_011",
                "anthropic-ratelimit-requests-limit", "50",
                "anthropic-ratelimit-requests-remaining", "49",
                "anthropic-ratelimit-requests-reset", "2026-08-19T14:34:29Z",
                "anthropic-ratelimit-input-tokens-remaining", "30000");
        try (StubbedClaude claude = StubbedClaude.replying(200, headers, ANSWER)) {
            ProviderAnswer answer = claude.provider.chat(call(OLDER, ChatRequest.of("Hello?")));

            assertThat(answer.requestId()).contains("req_011");
            assertThat(answer.rateLimits())
                    .containsExactly(
                            new RateLimit(
                                    "requests", Optional.of(50L), Optional.of(49L), Optional.of(Duration.ofSeconds(2))),
                            new RateLimit("input-tokens", Optional.empty(), Optional.of(30_000L), Optional.empty()));
        }
    }

    @Test
    void anErrorWithAStatusOfSuccessIsAFailure() {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> answer("""
                {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_7"}"""));

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure.requestId()).contains("req_7");
    }

    @Test
    void anAnswerWithoutContentIsNone() {
        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> answer("{\"type\":\"message\"}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure).hasMessageContaining("answer has no content");
    }
}
