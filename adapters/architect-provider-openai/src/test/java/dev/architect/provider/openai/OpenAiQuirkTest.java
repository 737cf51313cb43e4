package dev.architect.provider.openai;

import static dev.architect.provider.openai.OpenAiApi.CHAT_COMPLETIONS;
import static dev.architect.provider.openai.OpenAiApi.RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is odd about OpenAI's answers. */
class OpenAiQuirkTest {

    /** Id and name come once; the index identifies the deltas. */
    @Test
    void distinguishesDeltasOfToolCallsByTheirIndex() {
        List<ToolCallDelta> received = new ArrayList<>();
        ProviderAnswer answer = StubbedOpenAi.streamed(CHAT_COMPLETIONS, """
                {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}}]}
                {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"clock","arguments":""}}]}}]}
                {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":"}}]}}]}
                {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{}"}},{"index":0,"function":{"arguments":"\\"Rome\\"}"}}]}}]}
                {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
                [DONE]""", new ChatListener() {
            @Override
            public void onText(String piece) {}

            @Override
            public void onToolCall(ToolCallDelta piece) {
                received.add(piece);
            }
        });

        assertThat(answer.toolCalls())
                .containsExactly(
                        Part.ToolCall.of("call_a", "weather", "{\"city\":\"Rome\"}"),
                        Part.ToolCall.of("call_b", "clock", "{}"));
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(received)
                .containsExactly(
                        new ToolCallDelta(0, "call_a", "weather", "{\"city\":\"Rome\"}"),
                        new ToolCallDelta(1, "call_b", "clock", "{}"));
    }

    @Test
    void aToolThatWasDemandedByNameIsCalledThoughTheReasonIsStop() {
        ProviderAnswer answer = chat("""
                {"choices":[{"message":{"content":null,"tool_calls":[{"id":"call_a","type":"function",
                  "function":{"name":"clock","arguments":""}}]},"finish_reason":"stop"}]}""");

        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(answer.toolCalls()).containsExactly(Part.ToolCall.of("call_a", "clock", "{}"));
    }

    /** As some compatible services write them. */
    @Test
    void takesArgumentsThatAreAnObject() {
        assertThat(chat("""
                {"choices":[{"message":{"tool_calls":[{"function":{"name":"weather","arguments":{"city":"Rome"}}}]},
                  "finish_reason":"tool_calls"}]}""").toolCalls()).containsExactly(Part.ToolCall.of("call_1", "weather", "{\"city\":\"Rome\"}"));
    }

    @Test
    void namesTheSourcesOfAnAnswer() {
        Citation fox = new Citation("", "Foxes", Optional.of("https://example.com/fox"), Optional.empty());
        String annotation = "{\"type\":\"url_citation\",\"title\":\"Foxes\",\"url\":\"https://example.com/fox\"}";

        assertThat(chat("""
                {"choices":[{"message":{"content":"A fox.","annotations":[
                  {"type":"url_citation","url_citation":{"title":"Foxes","url":"https://example.com/fox","start_index":0}}]},
                  "finish_reason":"stop"}]}""").citations()).containsExactly(fox);
        assertThat(respond("""
                {"status":"completed","output":[{"type":"message","content":[
                  {"type":"output_text","text":"A fox.","annotations":[%s]}]}]}""".formatted(annotation)).citations()).containsExactly(fox);
        assertThat(StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.output_text.delta","output_index":0,"delta":"A fox."}
                {"type":"response.output_text.annotation.added","output_index":0,"annotation":%s}
                {"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"A fox.","annotations":[%s]}]}}
                {"type":"response.completed","response":{"status":"completed"}}""".formatted(annotation, annotation), piece -> {})
                        .citations())
                .containsExactly(fox);
    }

    /** Nothing shows whether a cached token was one of an image. */
    @Test
    void countsImagesAndSoundApartWhereTheyFit() {
        assertThat(usage("\"image_tokens\":85,\"audio_tokens\":5,\"cached_tokens\":10", "\"audio_tokens\":3"))
                .isEqualTo("INPUT=100,CACHE_READ=10,INPUT_IMAGE=85,INPUT_AUDIO=5,OUTPUT=17,OUTPUT_AUDIO=3");
        assertThat(usage("\"image_tokens\":85,\"cached_tokens\":190", "\"reasoning_tokens\":4"))
                .isEqualTo("INPUT=10,CACHE_READ=190,OUTPUT=20,REASONING_IN_OUTPUT=4");
    }

    @Test
    void countsWrittenPromptTokensOverResponses() {
        ProviderAnswer answer = respond("""
                {"status":"completed","output":[],"service_tier":"priority","usage":{"input_tokens":100,
                  "input_tokens_details":{"cached_tokens":30,"cache_write_tokens":60,
                    "cache_write_tokens_details":{"ttl_30m_tokens":60,"ttl_12h_tokens":0}},
                  "output_tokens":20,"output_tokens_details":{"reasoning_tokens":15}}}""");

        assertThat(answer.usage().toString())
                .isEqualTo("INPUT=10,CACHE_READ=30,CACHE_WRITE=60,OUTPUT=20,REASONING_IN_OUTPUT=15");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.serviceTier()).isEqualTo("priority");
    }

    /** The text of a streamed item comes in pieces, then whole, then in the item, then in the response. */
    @Test
    void appendsEveryTextOnce() {
        StringBuilder received = new StringBuilder();
        ProviderAnswer answer = StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.created","response":{"status":"in_progress","model":"gpt-5-nano","service_tier":"auto"}}
                {"type":"response.output_text.delta","output_index":0,"delta":"hel"}
                {"type":"response.output_text.delta","output_index":0,"delta":"lo","obfuscation":"xyz"}
                {"type":"response.output_text.done","output_index":0,"text":"hello"}
                {"type":"response.content_part.done","output_index":0,"part":{"type":"output_text","text":"hello"}}
                {"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"hello"}]}}
                {"type":"response.unheard_of","output_index":0,"text":"hello"}
                {"type":"response.completed","response":{"status":"completed","model":"gpt-5-nano-2025","service_tier":"flex","output":[{"type":"message","content":[{"type":"output_text","text":"hello"}]}]}}""", received::append);

        assertThat(answer.text()).isEqualTo("hello").isEqualTo(received.toString());
        assertThat(answer.model()).isEqualTo("gpt-5-nano-2025");
        assertThat(answer.serviceTier()).isEqualTo("flex");
    }

    /** A rest that came in no delta is delivered when the item is complete. */
    @Test
    void appendsWhatOnlyTheFinishedItemHolds() {
        ProviderAnswer answer = StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.output_text.delta","output_index":0,"delta":"hel"}
                {"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"hello"}]}}
                {"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"call_a","name":"clock","arguments":"{}"}}
                {"type":"response.completed","response":{"status":"completed"}}""", piece -> {});

        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.toolCalls()).containsExactly(Part.ToolCall.of("call_a", "clock", "{}"));
    }

    /** Parts of a summary are paragraphs; streamed and whole they are the same. */
    @Test
    void keepsReasoningAndItsSignature() {
        String item = "{\"type\":\"reasoning\",\"encrypted_content\":\"gAAAA\",\"summary\":["
                + "{\"type\":\"summary_text\",\"text\":\"First.\"},{\"type\":\"summary_text\",\"text\":\"\"},"
                + "{\"type\":\"summary_text\",\"text\":\"Second.\"}]}";
        StringBuilder thought = new StringBuilder();
        ProviderAnswer streamed = StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","encrypted_content":"early","summary":[]}}
                {"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":0}
                {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"First."}
                {"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":1}
                {"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":2}
                {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":2,"delta":"Second."}
                {"type":"response.output_item.done","output_index":0,"item":%s}
                {"type":"response.completed","response":{"status":"completed"}}""".formatted(item), new ChatListener() {
            @Override
            public void onText(String piece) {}

            @Override
            public void onReasoning(String piece) {
                thought.append(piece);
            }
        });

        assertThat(thought).hasToString("First.\n\nSecond.");
        assertThat(streamed.content())
                .isEqualTo(respond("{\"status\":\"completed\",\"output\":[" + item + "]}")
                        .content());
        Part.Reasoning reasoning = (Part.Reasoning) streamed.content().get(0);
        assertThat(reasoning.text()).isEqualTo(thought.toString());
        assertThat(reasoning.signature().orElseThrow().value()).isEqualTo("gAAAA");
    }

    /** Models with open weights show what they think. */
    @Test
    void readsReasoningThatIsNoSummary() {
        ProviderAnswer streamed = StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.reasoning_text.delta","output_index":0,"content_index":0,"delta":"Hm."}
                {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm."}]}}
                {"type":"response.completed","response":{"status":"completed"}}""", piece -> {});

        assertThat(streamed.content()).containsExactly(new Part.Reasoning("Hm.", Optional.empty()));
    }

    @Test
    void reportsRefusalsOverResponses() {
        assertThat(StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.refusal.delta","output_index":0,"delta":"I can't."}
                {"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"refusal","refusal":"I can't."}]}}
                {"type":"response.completed","response":{"status":"completed"}}""", piece -> {}))
                .satisfies(answer -> assertThat(answer.text()).isEqualTo("I can't."))
                .satisfies(answer -> assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED));
        assertThat(respond("""
                {"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]}""").stopReason()).isEqualTo(StopReason.REFUSED);
        assertThat(respond("""
                {"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}""").stopReason()).isEqualTo(StopReason.REFUSED);
        assertThat(respond("""
                {"status":"incomplete","incomplete_details":{"reason":"steered"},"output":[]}""").stopReason()).isEqualTo(StopReason.PAUSED);
        assertThat(respond("""
                {"status":"incomplete","incomplete_details":{"reason":"of_next_year"},"output":[]}""").stopReason()).isEqualTo(StopReason.OTHER);
    }

    @Test
    void aResponseMayHaveFailedAlthoughItsStatusIsOneOfSuccess() {
        assertThat(failed("server_error").kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failed("rate_limit_exceeded").kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(failed("invalid_prompt").kind()).isEqualTo(FailureKind.CONTENT_REFUSED);
        assertThat(failed("bio_policy").kind()).isEqualTo(FailureKind.CONTENT_REFUSED);
        assertThat(failed("misalignment_policy_violation").kind()).isEqualTo(FailureKind.CONTENT_REFUSED);
        assertThat(failed("image_content_policy_violation").kind()).isEqualTo(FailureKind.CONTENT_REFUSED);
        assertThat(failed("image_too_large").kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(failed("unheard_of").kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failed("unheard_of")).hasMessageContaining("unheard_of").hasMessageNotContaining("fox");
        ProviderException cancelled = failure(() -> respond("{\"status\":\"cancelled\",\"output\":[]}"));
        assertThat(cancelled.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void reportsAnErrorInsideAStreamOfResponses() {
        ProviderException flat = failure(() -> StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.output_text.delta","output_index":0,"delta":"hel"}
                {"type":"error","code":"server_is_overloaded","message":"The fox is tired.","param":null}""", piece -> {}));
        assertThat(flat.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(flat.receivedCharacters()).isEqualTo(3);
        assertThat(flat).hasMessageNotContaining("fox");

        ProviderException bare = failure(() -> StubbedOpenAi.streamed(
                RESPONSES, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":null}}", piece -> {}));
        assertThat(bare.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
    }

    @Test
    void aStreamOfResponsesWithoutItsLastEventIsNoAnswer() {
        ProviderException failure = failure(() -> StubbedOpenAi.streamed(RESPONSES, """
                {"type":"response.output_text.delta","output_index":0,"delta":"hello"}
                {"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"hello"}]}}""", piece -> {}));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.receivedCharacters()).isEqualTo(5);
    }

    /** Waiting makes no limit larger than the one request. */
    @Test
    void aRequestLargerThanTheLimitIsTooLong() {
        String expected =
                "Rate limit reached for gpt-5 on tokens per min (TPM): Limit 30000, Requested 36055. Please try again"
                        + " in 12.1s.";
        ProviderException failure = failure(() -> StubbedOpenAi.replying(CHAT_COMPLETIONS, 429, """
                        {"error":{"message":"%s","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""".formatted(expected))
                .chat("gpt-4o-mini", ChatRequest.of("Hello?")));

        assertThat(failure.kind()).isEqualTo(FailureKind.TOO_LARGE_FOR_LIMIT);
        assertThat(failure.retryAfter()).isEmpty();
    }

    private static String usage(String promptDetails, String completionDetails) {
        return chat("""
                {"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":20,
                  "prompt_tokens_details":{%s},"completion_tokens_details":{%s}}}""".formatted(promptDetails, completionDetails)).usage().toString();
    }

    private static ProviderException failed(String code) {
        return failure(() -> respond("{\"status\":\"failed\",\"error\":{\"code\":\"" + code
                + "\",\"message\":\"The fox.\"},\"output\":[]}"));
    }

    private static ProviderException failure(Runnable call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static ProviderAnswer chat(String body) {
        return StubbedOpenAi.replying(CHAT_COMPLETIONS, 200, body).chat("gpt-4o-mini", ChatRequest.of("Hello?"));
    }

    private static ProviderAnswer respond(String body) {
        return StubbedOpenAi.replying(RESPONSES, 200, body).chat("gpt-5-nano", ChatRequest.of("Hello?"));
    }
}
