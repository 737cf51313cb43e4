package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.messages.ToolChoiceAuto;
import com.anthropic.models.messages.ToolChoiceNone;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tools through {@code anthropic-java}. */
final class AnthropicToolsTest extends VendorCases<AnthropicClient> {

    AnthropicToolsTest() {
        super("claude", AnthropicClients::of, AnthropicClient::close);
    }

    @Test
    void callsInParallelAndAnswersWithTheResults() {
        MessageCreateParams.Builder request = request();

        Message first = client.messages().create(request.build());

        List<ToolUseBlock> calls = calls(first);
        assertThat(first.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(calls).extracting(ToolUseBlock::name).containsExactly("weather", "tides");
        assertThat(calls).extracting(AnthropicToolsTest::city).containsExactly("Oslo", "Bergen");
        AnthropicTest.assertUsage(first.usage(), provider.answered());

        Message second = client.messages()
                .create(request.addMessage(first)
                        .addUserMessageOfContentBlockParams(List.of(
                                result(calls.get(0), "Rain in Oslo."), result(calls.get(1), "High water at six.")))
                        .build());

        assertThat(second.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(AnthropicTest.text(second)).contains("Rain in Oslo.", "High water at six.");
        AnthropicTest.assertUsage(second.usage(), provider.answered());
    }

    @Test
    void streamedCallsAreTheOnesOfTheWholeMessage() {
        MessageAccumulator whole = MessageAccumulator.create();

        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(request().build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(whole::accumulate);
        }

        assertThat(calls(whole.message())).extracting(AnthropicToolsTest::city).containsExactly("Oslo", "Bergen");
        AnthropicTest.assertUsage(whole.message().usage(), provider.answered());
    }

    @Test
    void callsOneAtATimeOnRequest() {
        Message answer = client.messages()
                .create(request()
                        .toolChoice(ToolChoiceAuto.builder()
                                .disableParallelToolUse(true)
                                .build())
                        .build());

        assertThat(calls(answer)).extracting(ToolUseBlock::name).containsExactly("weather");
    }

    @Test
    void callsTheNamedToolAlone() {
        Message answer =
                client.messages().create(request().toolToolChoice("tides").build());

        assertThat(calls(answer)).extracting(ToolUseBlock::name).containsExactly("tides");
    }

    @Test
    void callsSomeToolWhenRequired() {
        Message answer = client.messages()
                .create(request("Hello.")
                        .toolChoice(ToolChoiceAny.builder().build())
                        .build());

        assertThat(calls(answer)).extracting(ToolUseBlock::name).containsExactly("weather");
    }

    @Test
    void callsNoneWhenForbidden() {
        Message answer = client.messages()
                .create(request().toolChoice(ToolChoiceNone.builder().build()).build());

        assertThat(calls(answer)).isEmpty();
        assertThat(AnthropicTest.text(answer)).isNotBlank();
    }

    @Test
    void resultOfAnUnknownCallIsRejected() {
        MessageCreateParams.Builder request = request();
        Message first = client.messages().create(request.build());
        ToolResultBlockParam stray = ToolResultBlockParam.builder()
                .toolUseId("toolu_stray")
                .content("Rain.")
                .build();

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.messages()
                        .create(request.addMessage(first)
                                .addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofToolResult(stray)))
                                .build()))
                .satisfies(failure ->
                        assertThat(failure.apiMessage().orElseThrow()).contains("tool_use"));
    }

    @Test
    void unknownFieldOfAToolIsRefused() {
        Tool planted = tool("weather").toBuilder()
                .putAdditionalProperty("parameters", JsonValue.from(5))
                .build();

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.messages()
                        .create(request("Hello.")
                                .tools(List.of())
                                .addTool(planted)
                                .build()))
                .satisfies(failure ->
                        assertThat(failure.apiMessage().orElseThrow()).contains("parameters"));
    }

    private static MessageCreateParams.Builder request() {
        return request(RequestSamples.QUESTION);
    }

    private static MessageCreateParams.Builder request(String text) {
        return MessageCreateParams.builder()
                .model("claude-sonnet-5-5")
                .maxTokens(2_000)
                .addUserMessage(text)
                .addTool(tool("weather"))
                .addTool(tool("tides"));
    }

    private static Tool tool(String name) {
        Tool.InputSchema.Properties.Builder properties = Tool.InputSchema.Properties.builder();
        RequestSamples.PROPERTIES.forEach((key, value) -> properties.putAdditionalProperty(key, JsonValue.from(value)));
        return Tool.builder()
                .name(name)
                .description("Looks it up.")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(properties.build())
                        .required(RequestSamples.REQUIRED)
                        .build())
                .build();
    }

    private static List<ToolUseBlock> calls(Message answer) {
        return answer.content().stream()
                .map(ContentBlock::toolUse)
                .flatMap(Optional::stream)
                .toList();
    }

    private static String city(ToolUseBlock call) {
        return call._input().convert(JsonNode.class).path("city").asText();
    }

    private static ContentBlockParam result(ToolUseBlock call, String text) {
        return ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(call.id())
                .content(text)
                .build());
    }
}
