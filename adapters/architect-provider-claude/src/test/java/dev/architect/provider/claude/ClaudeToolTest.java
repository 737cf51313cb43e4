package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.answer;
import static dev.architect.provider.claude.StubbedClaude.json;
import static dev.architect.provider.claude.StubbedClaude.sent;
import static dev.architect.provider.claude.StubbedClaude.streamed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolCallDelta;
import dev.architect.chat.ToolChoice;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeToolTest {

    private static final Tool WEATHER = new Tool("weather", "Tells the weather.", """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");

    private static final Tool CLOCK = new Tool("clock", "", "{}");

    @Test
    void writesToolsAsTheVendorDocumentsThem() {
        assertThat(sent(OLDER, offering(ToolChoice.AUTO))).isEqualTo(json("""
                {"model":"claude-haiku-4-5","max_tokens":8192,"messages":[{"role":"user","content":"Hello?"}],
                 "tools":[{"name":"weather","description":"Tells the weather.","input_schema":
                            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},
                          {"name":"clock","input_schema":{"type":"object","properties":{}}}]}"""));
    }

    @Test
    void writesEveryChoice() {
        assertThat(choice(ToolChoice.REQUIRED)).isEqualTo(json("{\"type\":\"any\"}"));
        assertThat(choice(ToolChoice.NONE)).isEqualTo(json("{\"type\":\"none\"}"));
        assertThat(choice(ToolChoice.NONE.oneAtATime())).isEqualTo(json("{\"type\":\"none\"}"));
        assertThat(choice(ToolChoice.named("clock"))).isEqualTo(json("{\"type\":\"tool\",\"name\":\"clock\"}"));
        assertThat(choice(ToolChoice.AUTO.oneAtATime()))
                .isEqualTo(json("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"));
        assertThat(choice(ToolChoice.REQUIRED.oneAtATime()))
                .isEqualTo(json("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"));
    }

    @Test
    void resultsOfOneTurnComeFirstAndTogether() {
        Part.ToolCall first = Part.ToolCall.of("toolu_1", "weather", "{\"city\": \"Rome\"}");
        Part.ToolCall second = Part.ToolCall.of("toolu_2", "clock", "");
        ChatRequest request = ChatRequest.builder(
                        Message.user(new Part.Text("Thanks."), Part.ToolResult.failed(second, "no clock")))
                .earlier(Message.user("Call both."))
                .earlier(new Message(Role.ASSISTANT, List.of(new Part.Text("Sure."), first, second)))
                .earlier(Message.user(Part.ToolResult.of(first, "sunny")))
                .tools(WEATHER, CLOCK)
                .build();

        assertThat(sent(OLDER, request).path("messages")).isEqualTo(json("""
                [{"role":"user","content":"Call both."},
                 {"role":"assistant","content":[{"type":"text","text":"Sure."},
                   {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}},
                   {"type":"tool_use","id":"toolu_2","name":"clock","input":{}}]},
                 {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"toolu_1","content":"sunny"},
                   {"type":"tool_result","tool_use_id":"toolu_2","content":"no clock","is_error":true},
                   {"type":"text","text":"Thanks."}]}]"""));
    }

    @Test
    void aResultWithoutTextHasNoContent() {
        Part.ToolCall call = Part.ToolCall.of("toolu_1", "clock", "{}");

        assertThat(blocks(List.of(call), List.of(Part.ToolResult.of(call, " "))).get(1))
                .isEqualTo(json("{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\"}"));
    }

    /** Claude takes letters, digits, underscores and hyphens, and each id once. */
    @Test
    void idsOfOtherProvidersStayDifferentAndAgree() {
        List<Part.ToolCall> calls = List.of(
                new Part.ToolCall("call|1", "clock", "{}", Optional.of(new Signature("gemini", "proof"))),
                Part.ToolCall.of("call/1", "clock", "{}"),
                Part.ToolCall.of("call_1", "clock", "{}"),
                Part.ToolCall.of("ä:ö", "clock", "{}"));
        List<JsonNode> blocks = blocks(
                calls,
                calls.stream().map(call -> Part.ToolResult.of(call, "noon")).toList());

        assertThat(blocks.subList(0, 4))
                .extracting(block -> block.path("id").asText())
                .containsExactly("call_1", "call_1_2", "call_1_3", "___");
        assertThat(blocks.subList(4, 8))
                .extracting(block -> block.path("tool_use_id").asText())
                .containsExactly("call_1", "call_1_2", "call_1_3", "___");
    }

    @Test
    void refusesArgumentsThatAreBrokenJsonBeforeAnythingIsSent() {
        Part.ToolCall broken = Part.ToolCall.of("toolu_1", "weather", "{\"city\": \"Ro");

        ProviderException failure = catchThrowableOfType(
                ProviderException.class, () -> blocks(List.of(broken), List.of(Part.ToolResult.of(broken, "?"))));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure).hasMessageContaining("arguments of tool call weather are not a JSON object");
    }

    @Test
    void readsCallsBesideText() {
        ProviderAnswer answer = answer("""
                {"content":[{"type":"text","text":"Sure."},
                   {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}},
                   {"type":"tool_use","id":"toolu_2","name":"clock","input":{}}],"stop_reason":"tool_use"}""");

        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(answer.content())
                .containsExactly(
                        new Part.Text("Sure."),
                        Part.ToolCall.of("toolu_1", "weather", "{\"city\":\"Rome\"}"),
                        Part.ToolCall.of("toolu_2", "clock", "{}"));
    }

    @Test
    void joinsTheArgumentsOfEachStreamedCall() {
        List<ToolCallDelta> pieces = new ArrayList<>();
        ProviderAnswer answer = streamed("""
                {"type":"message_start","message":{"model":"m","usage":{"input_tokens":3}}}
                {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"weather","input":{}}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"ci"}}
                {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"b","name":"clock","input":{}}}
                {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"ty\\":1}"}}
                {"type":"content_block_stop","index":0}
                {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"c","name":"clock","input":{}}}
                {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}
                {"type":"message_stop"}""", new ChatListener() {
            @Override
            public void onText(String piece) {
                throw new AssertionError("no text was sent");
            }

            @Override
            public void onToolCall(ToolCallDelta piece) {
                pieces.add(piece);
            }
        });

        assertThat(answer.toolCalls())
                .containsExactly(
                        Part.ToolCall.of("a", "weather", "{\"city\":1}"),
                        Part.ToolCall.of("b", "clock", "{}"),
                        Part.ToolCall.of("c", "clock", "{}"));
        assertThat(pieces)
                .containsExactly(
                        new ToolCallDelta(0, "a", "weather", "{\"city\":1}"),
                        new ToolCallDelta(1, "b", "clock", "{}"),
                        new ToolCallDelta(2, "c", "clock", "{}"));
    }

    private static ChatRequest offering(ToolChoice choice) {
        return ChatRequest.builder("Hello?")
                .tools(WEATHER, CLOCK)
                .toolChoice(choice)
                .build();
    }

    private static JsonNode choice(ToolChoice choice) {
        return sent(OLDER, offering(choice)).path("tool_choice");
    }

    /** The blocks of the calls and of their results, as they are sent. */
    private static List<JsonNode> blocks(List<Part.ToolCall> calls, List<Part.ToolResult> results) {
        JsonNode messages = sent(
                        OLDER,
                        ChatRequest.builder(Message.toolResults(results))
                                .earlier(Message.user("Call."))
                                .earlier(new Message(Role.ASSISTANT, List.copyOf(calls)))
                                .tools(WEATHER, CLOCK)
                                .build())
                .path("messages");
        List<JsonNode> blocks = new ArrayList<>();
        messages.path(1).path("content").forEach(blocks::add);
        messages.path(2).path("content").forEach(blocks::add);
        return blocks;
    }
}
