package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tools of Chat Completions through {@code openai-java}. */
final class OpenAiChatToolsTest extends VendorCases<OpenAIClient> {

    OpenAiChatToolsTest() {
        super("openai", OpenAiClients::of, OpenAIClient::close);
    }

    @Test
    void callsInParallelAndAnswersWithTheResults() {
        ChatCompletionCreateParams.Builder request = request();

        ChatCompletion first = client.chat().completions().create(request.build());

        List<ChatCompletionMessageFunctionToolCall> calls = calls(first);
        assertThat(first.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(calls).extracting(call -> call.function().name()).containsExactly("weather", "tides");
        assertThat(calls).extracting(OpenAiChatToolsTest::city).containsExactly("Oslo", "Bergen");
        OpenAiChatTest.assertUsage(first.usage().orElseThrow(), provider.answered());

        ChatCompletion second = client.chat()
                .completions()
                .create(request.addMessage(first.choices().get(0).message())
                        .addMessage(result(calls.get(0).id(), "Rain in Oslo."))
                        .addMessage(result(calls.get(1).id(), "High water at six."))
                        .build());

        assertThat(second.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(OpenAiChatTest.text(second)).contains("Rain in Oslo.", "High water at six.");
        OpenAiChatTest.assertUsage(second.usage().orElseThrow(), provider.answered());
    }

    @Test
    void streamedCallsAreTheOnesOfTheWholeAnswer() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();

        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(request()
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(whole::accumulate);
        }

        assertThat(calls(whole.chatCompletion()))
                .extracting(OpenAiChatToolsTest::city)
                .containsExactly("Oslo", "Bergen");
        OpenAiChatTest.assertUsage(whole.chatCompletion().usage().orElseThrow(), provider.answered());
    }

    @Test
    void callsOneAtATimeOnRequest() {
        assertThat(names(request().parallelToolCalls(false))).containsExactly("weather");
    }

    @Test
    void callsTheNamedToolAlone() {
        assertThat(names(request()
                        .toolChoice(ChatCompletionNamedToolChoice.builder()
                                .function(ChatCompletionNamedToolChoice.Function.builder()
                                        .name("tides")
                                        .build())
                                .build())))
                .containsExactly("tides");
    }

    @Test
    void callsSomeToolWhenRequired() {
        assertThat(names(request("Hello.").toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)))
                .containsExactly("weather");
    }

    @Test
    void callsNoneWhenForbidden() {
        assertThat(names(request().toolChoice(ChatCompletionToolChoiceOption.Auto.NONE)))
                .isEmpty();
    }

    @Test
    void callWithoutItsResultIsRefused() {
        ChatCompletionCreateParams.Builder request = request();
        ChatCompletion first = client.chat().completions().create(request.build());

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(request.addMessage(first.choices().get(0).message())
                                .addUserMessage("And?")
                                .build()))
                .withMessageContaining("tool_call");
    }

    @Test
    void unknownFieldOfAToolIsRefused() {
        FunctionDefinition planted = FunctionDefinition.builder()
                .name("planted")
                .putAdditionalProperty("input_schema", JsonValue.from(5))
                .build();

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(request().addFunctionTool(planted).build()))
                .withMessageContaining("input_schema");
    }

    private List<String> names(ChatCompletionCreateParams.Builder request) {
        return calls(client.chat().completions().create(request.build())).stream()
                .map(call -> call.function().name())
                .toList();
    }

    private static ChatCompletionCreateParams.Builder request() {
        return request(RequestSamples.QUESTION);
    }

    private static ChatCompletionCreateParams.Builder request(String text) {
        return ChatCompletionCreateParams.builder()
                .model("gpt-4o-mini")
                .addUserMessage(text)
                .addFunctionTool(tool("weather"))
                .addFunctionTool(tool("tides"));
    }

    private static FunctionDefinition tool(String name) {
        FunctionParameters.Builder parameters = FunctionParameters.builder();
        RequestSamples.WHOLE.forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
        return FunctionDefinition.builder()
                .name(name)
                .description("Looks it up.")
                .parameters(parameters.build())
                .strict(true)
                .build();
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletion answer) {
        return answer.choices().get(0).message().toolCalls().orElse(List.of()).stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .toList();
    }

    private static String city(ChatCompletionMessageFunctionToolCall call) {
        return json(call.function().arguments()).path("city").asText();
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private static ChatCompletionToolMessageParam result(String id, String text) {
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(id)
                .content(text)
                .build();
    }
}
