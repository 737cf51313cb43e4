package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ToolChoiceFunction;
import com.openai.models.responses.ToolChoiceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tools of Responses through {@code openai-java}. */
final class OpenAiResponsesToolsTest extends VendorCases<OpenAIClient> {

    OpenAiResponsesToolsTest() {
        super("openai", OpenAiClients::of, OpenAIClient::close);
    }

    @Test
    void callsInParallelAndAnswersWithTheResults() {
        Response first =
                client.responses().create(request(RequestSamples.QUESTION).build());

        List<ResponseFunctionToolCall> calls = calls(first);
        assertThat(calls).extracting(ResponseFunctionToolCall::name).containsExactly("weather", "tides");
        assertThat(calls).extracting(OpenAiResponsesToolsTest::city).containsExactly("Oslo", "Bergen");
        OpenAiResponsesTest.assertUsage(first.usage().orElseThrow(), provider.answered());

        List<ResponseInputItem> conversation = new ArrayList<>();
        conversation.add(user(RequestSamples.QUESTION));
        calls.forEach(call -> conversation.add(ResponseInputItem.ofFunctionCall(call)));
        conversation.add(result(calls.get(0).callId(), "Rain in Oslo."));
        conversation.add(result(calls.get(1).callId(), "High water at six."));
        Response second = client.responses()
                .create(request(RequestSamples.QUESTION)
                        .inputOfResponse(conversation)
                        .build());

        assertThat(OpenAiResponsesTest.text(second)).contains("Rain in Oslo.", "High water at six.");
        OpenAiResponsesTest.assertUsage(second.usage().orElseThrow(), provider.answered());
    }

    @Test
    void streamedCallsAreTheOnesOfTheWholeResponse() {
        ResponseAccumulator collected = ResponseAccumulator.create();
        StringBuilder arguments = new StringBuilder();

        try (StreamResponse<ResponseStreamEvent> stream = client.responses()
                .createStreaming(request(RequestSamples.QUESTION).build())) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(event -> {
                collected.accumulate(event);
                event.functionCallArgumentsDelta().ifPresent(delta -> arguments.append(delta.delta()));
            });
        }

        List<ResponseFunctionToolCall> calls = calls(collected.response());
        assertThat(calls).extracting(OpenAiResponsesToolsTest::city).containsExactly("Oslo", "Bergen");
        assertThat(arguments)
                .hasToString(calls.get(0).arguments() + calls.get(1).arguments());
        OpenAiResponsesTest.assertUsage(collected.response().usage().orElseThrow(), provider.answered());
    }

    @Test
    void callsOneAtATimeOnRequest() {
        assertThat(names(request(RequestSamples.QUESTION).parallelToolCalls(false)))
                .containsExactly("weather");
    }

    @Test
    void callsTheNamedToolAlone() {
        assertThat(names(request(RequestSamples.QUESTION)
                        .toolChoice(ToolChoiceFunction.builder().name("tides").build())))
                .containsExactly("tides");
    }

    @Test
    void callsSomeToolWhenRequired() {
        assertThat(names(request("Hello.").toolChoice(ToolChoiceOptions.REQUIRED)))
                .containsExactly("weather");
    }

    @Test
    void callsNoneWhenForbidden() {
        assertThat(names(request(RequestSamples.QUESTION).toolChoice(ToolChoiceOptions.NONE)))
                .isEmpty();
    }

    @Test
    void resultOfAnUnknownCallIsRejected() {
        List<ResponseInputItem> conversation = List.of(user("Hello."), result("call_stray", "Rain."));

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses()
                        .create(request("Hello.").inputOfResponse(conversation).build()))
                .withMessageContaining("call_stray");
    }

    private List<String> names(ResponseCreateParams.Builder request) {
        return calls(client.responses().create(request.build())).stream()
                .map(ResponseFunctionToolCall::name)
                .toList();
    }

    private static ResponseCreateParams.Builder request(String text) {
        return ResponseCreateParams.builder()
                .model("gpt-4o-mini")
                .input(text)
                .addTool(tool("weather"))
                .addTool(tool("tides"));
    }

    private static FunctionTool tool(String name) {
        FunctionTool.Parameters.Builder parameters = FunctionTool.Parameters.builder();
        RequestSamples.WHOLE.forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
        return FunctionTool.builder()
                .name(name)
                .description("Looks it up.")
                .parameters(parameters.build())
                .strict(true)
                .build();
    }

    private static List<ResponseFunctionToolCall> calls(Response answer) {
        return answer.output().stream()
                .map(ResponseOutputItem::functionCall)
                .flatMap(Optional::stream)
                .toList();
    }

    private static String city(ResponseFunctionToolCall call) {
        return OpenAiChatToolsTest.json(call.arguments()).path("city").asText();
    }

    static ResponseInputItem user(String text) {
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content(text)
                .build());
    }

    private static ResponseInputItem result(String callId, String text) {
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(callId)
                .output(text)
                .build());
    }
}
