package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.NEWER;
import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.answer;
import static dev.architect.provider.claude.StubbedClaude.json;
import static dev.architect.provider.claude.StubbedClaude.refused;
import static dev.architect.provider.claude.StubbedClaude.sent;
import static dev.architect.provider.claude.StubbedClaude.streamed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.spi.ProviderAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeThinkingWriterTest {

    private static final Tool CLOCK = new Tool("clock", "Tells the time.", "{\"type\":\"object\"}");
    private static final Signature PROOF = new Signature("claude", "Eo8B+/=");
    private static final Signature SEALED = new Signature("claude", "redacted_thinking:c2VhbGVk");

    private static final String THINKING_BLOCKS = """
            [{"type":"thinking","thinking":"Hm.","signature":"Eo8B+/="},{"type":"redacted_thinking","data":"c2VhbGVk"},
             {"type":"thinking","thinking":"","signature":"Eo8B+/="},{"type":"text","text":"Four."}]""";

    private static final List<Part> PARTS = List.of(
            new Part.Reasoning("Hm.", Optional.ofNullable(PROOF)),
            new Part.Reasoning("", Optional.ofNullable(SEALED)),
            new Part.Reasoning("", Optional.ofNullable(PROOF)),
            new Part.Text("Four."));

    @Test
    void laterModelsGetAnEffort() {
        Map.of(
                        ReasoningEffort.LOW, "low",
                        ReasoningEffort.MEDIUM, "medium",
                        ReasoningEffort.HIGH, "high",
                        ReasoningEffort.VERY_HIGH, "xhigh",
                        ReasoningEffort.MAX, "max")
                .forEach((effort, word) ->
                        assertThat(sent(NEWER, thinking(effort).build())).isEqualTo(json("""
                        {"model":"claude-opus-5","max_tokens":8192,"messages":[{"role":"user","content":"Hello?"}],
                         "thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"%s"}}""".formatted(word))));
    }

    /** Thinking counts as output: without a limit of its own the answer keeps all the tokens that it would have. */
    @Test
    void earlierModelsGetABudgetOnTopOfTheAnswer() {
        Map.of(
                        ReasoningEffort.LOW, 1_024,
                        ReasoningEffort.MEDIUM, 4_096)
                .forEach((effort, budget) -> assertThat(
                                sent(OLDER, thinking(effort).build()))
                        .isEqualTo(json("""
                        {"model":"claude-haiku-4-5","max_tokens":%d,"messages":[{"role":"user","content":"Hello?"}],
                         "thinking":{"type":"enabled","budget_tokens":%d}}""".formatted(8_192 + budget, budget))));
    }

    @Test
    void thinkingLeavesHalfOfALimitToTheAnswer() {
        assertThat(budget(ReasoningEffort.LOW, 21_000)).isEqualTo(1_024);
        assertThat(budget(ReasoningEffort.HIGH, 21_000)).isEqualTo(10_500);
        assertThat(budget(ReasoningEffort.MAX, 4_000)).isEqualTo(2_000);
        assertThat(budget(ReasoningEffort.MAX, 1_025)).isEqualTo(1_024);
    }

    @Test
    void thinkingCanBeSwitchedOff() {
        for (String model : List.of(OLDER, NEWER)) {
            assertThat(sent(model, thinking(ReasoningEffort.NONE).build()).path("thinking"))
                    .isEqualTo(json("{\"type\":\"disabled\"}"));
        }
        for (String model : List.of("claude-fable-5-2", "claude-mythos-5", "claude-opus-5-5")) {
            assertThat(refused(model, thinking(ReasoningEffort.NONE).build()))
                    .contains("effort is NONE, expected LOW, MEDIUM, HIGH, VERY_HIGH or MAX");
        }
    }

    @Test
    void refusesAnEffortThatTheModelLacks() {
        assertThat(refused(OLDER, thinking(ReasoningEffort.MINIMAL).build()))
                .contains("effort is MINIMAL, expected NONE, LOW, MEDIUM, HIGH, VERY_HIGH or MAX");
        assertThat(refused(
                        "claude-sonnet-4-6", thinking(ReasoningEffort.VERY_HIGH).build()))
                .contains("effort is VERY_HIGH, expected NONE, LOW, MEDIUM, HIGH or MAX");
        assertThat(refused(
                        "claude-3-5-haiku-20241022",
                        thinking(ReasoningEffort.LOW).build()))
                .contains("REASONING_EFFORT");
    }

    @Test
    void refusesWhatCannotGoWithThinking() {
        for (String model : List.of(OLDER, "claude-opus-4-6")) {
            assertThat(refused(
                            model,
                            thinking(ReasoningEffort.LOW).temperature(0.5).build()))
                    .contains("temperature is 0.5 with reasoning, expected 1.0");
        }
        assertThat(refused(
                        OLDER,
                        thinking(ReasoningEffort.LOW).maxOutputTokens(1_024).build()))
                .contains("maxOutputTokens is 1024 with reasoning, expected more than 1024");
        ChatRequest forced = thinking(ReasoningEffort.LOW)
                .tools(CLOCK)
                .toolChoice(ToolChoice.named("clock"))
                .build();
        assertThat(refused(OLDER, forced)).contains("toolChoice is NAMED with reasoning, expected AUTO or NONE");
        assertThat(sent(NEWER, forced).at("/tool_choice/name").asText()).isEqualTo("clock");
    }

    @Test
    void reasoningIsKeptWholeAndStreamed() {
        ProviderAnswer whole = answer("{\"content\":" + THINKING_BLOCKS + ",\"stop_reason\":\"end_turn\"}");
        ProviderAnswer streamed = streamed("""
                {"type":"message_start","message":{"usage":{}}}
                {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"H"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m."}}
                {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eo8B+/="}}
                {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"c2VhbGVk"}}
                {"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":"","signature":""}}
                {"type":"content_block_delta","index":2,"delta":{"type":"signature_delta","signature":"Eo8B+/="}}
                {"type":"content_block_start","index":3,"content_block":{"type":"text","text":""}}
                {"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"Four."}}
                {"type":"message_delta","delta":{"stop_reason":"end_turn"}}
                {"type":"message_stop"}""");

        assertThat(whole.content()).isEqualTo(PARTS);
        assertThat(streamed.content()).isEqualTo(PARTS);
    }

    @Test
    void reasoningIsSentBackUnchanged() {
        ChatRequest request = ChatRequest.builder("And?")
                .earlier(Message.user("Two and two?"))
                .earlier(new Message(Role.ASSISTANT, PARTS))
                .build();

        assertThat(sent(NEWER, request).at("/messages/1/content")).isEqualTo(json(THINKING_BLOCKS));
    }

    @Test
    void reasoningThatIsUnsignedOrOfOthersIsLeftOut() {
        ChatRequest request = ChatRequest.builder("And?")
                .earlier(Message.user("Two and two?"))
                .earlier(new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Part.Reasoning("Hm.", Optional.of(new Signature("gemini", "proof"))),
                                new Part.Reasoning("Well.", Optional.empty()),
                                new Part.Text("Four."))))
                .build();

        assertThat(sent(NEWER, request).at("/messages/1/content")).isEqualTo(json("""
                [{"type":"text","text":"Four."}]"""));
    }

    /** A budget demands that a tool loop begins with a thought; a loop that another provider began has none. */
    @Test
    void theToolLoopOfAnotherProviderGoesOnWithoutThinking() {
        assertThat(loop(OLDER, new Part.Reasoning("Hm.", Optional.of(new Signature("openai", "proof"))))
                        .has("thinking"))
                .isFalse();
        assertThat(loop(OLDER, new Part.Reasoning("Hm.", Optional.ofNullable(PROOF)))
                        .at("/thinking/type"))
                .isEqualTo(json("\"enabled\""));
        assertThat(loop(OLDER, new Part.Reasoning("", Optional.ofNullable(SEALED)))
                        .at("/thinking/type"))
                .isEqualTo(json("\"enabled\""));
        assertThat(loop(NEWER, new Part.Reasoning("Hm.", Optional.of(new Signature("openai", "proof"))))
                        .at("/thinking/type"))
                .isEqualTo(json("\"adaptive\""));
    }

    private static JsonNode loop(String model, Part.Reasoning reasoning) {
        Part.ToolCall call = Part.ToolCall.of("c1", "clock", "{}");
        return sent(
                model,
                ChatRequest.builder(Message.user(Part.ToolResult.of(call, "noon")))
                        .earlier(Message.user("What time is it?"))
                        .earlier(new Message(Role.ASSISTANT, List.of(reasoning, call)))
                        .tools(CLOCK)
                        .effort(ReasoningEffort.LOW)
                        .build());
    }

    private static int budget(ReasoningEffort effort, int limit) {
        return sent(OLDER, thinking(effort).maxOutputTokens(limit).build())
                .at("/thinking/budget_tokens")
                .asInt();
    }

    private static ChatRequest.Builder thinking(ReasoningEffort effort) {
        return ChatRequest.builder("Hello?").effort(effort);
    }
}
