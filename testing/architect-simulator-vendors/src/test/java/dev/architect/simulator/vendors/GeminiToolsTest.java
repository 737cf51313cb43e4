package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ClientException;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionCallingConfig;
import com.google.genai.types.FunctionCallingConfigMode;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.Part;
import com.google.genai.types.Tool;
import com.google.genai.types.ToolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tools through {@code google-genai}. */
final class GeminiToolsTest extends VendorCases<Client> {

    private static final String MODEL = "gemini-3.5-flash";

    GeminiToolsTest() {
        super("gemini", GeminiClients::of, Client::close);
    }

    @Test
    void callsInParallelAndAnswersWithTheResults() {
        GenerateContentResponse first = client.models.generateContent(MODEL, RequestSamples.QUESTION, tools().build());

        List<FunctionCall> calls = first.functionCalls();
        assertThat(names(first)).containsExactly("weather", "tides");
        assertThat(calls).extracting(GeminiToolsTest::city).containsExactly("Oslo", "Bergen");
        GeminiTest.assertUsage(first.usageMetadata().orElseThrow(), provider.answered());

        GenerateContentResponse second = client.models.generateContent(
                MODEL,
                conversation(
                        modelContent(first),
                        List.of(result(calls.get(0), "Rain in Oslo."), result(calls.get(1), "High water at six."))),
                tools().build());

        assertThat(second.text()).contains("Rain in Oslo.", "High water at six.");
        GeminiTest.assertUsage(second.usageMetadata().orElseThrow(), provider.answered());
    }

    @Test
    void streamedCallsAreTheOnesOfTheWholeAnswer() {
        List<FunctionCall> calls = new ArrayList<>();

        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(MODEL, RequestSamples.QUESTION, tools().build())) {
            stream.forEach(
                    chunk -> chunk.parts().forEach(part -> part.functionCall().ifPresent(calls::add)));
        }

        assertThat(calls).extracting(GeminiToolsTest::city).containsExactly("Oslo", "Bergen");
    }

    @Test
    void callsTheAllowedToolAlone() {
        assertThat(names(ask(
                        RequestSamples.QUESTION,
                        FunctionCallingConfig.builder()
                                .mode(FunctionCallingConfigMode.Known.ANY)
                                .allowedFunctionNames("tides")
                                .build())))
                .containsExactly("tides");
    }

    @Test
    void callsSomeToolWhenRequired() {
        assertThat(names(ask(
                        "Hello.",
                        FunctionCallingConfig.builder()
                                .mode(FunctionCallingConfigMode.Known.ANY)
                                .build())))
                .containsExactly("weather");
    }

    @Test
    void callsNoneWhenForbidden() {
        GenerateContentResponse answer = ask(
                RequestSamples.QUESTION,
                FunctionCallingConfig.builder()
                        .mode(FunctionCallingConfigMode.Known.NONE)
                        .build());

        assertThat(names(answer)).isEmpty();
        assertThat(answer.text()).isNotBlank();
    }

    @Test
    void oneResultForTwoCallsIsRefused() {
        GenerateContentResponse first = client.models.generateContent(MODEL, RequestSamples.QUESTION, tools().build());
        List<Content> half = conversation(
                modelContent(first), List.of(result(first.functionCalls().get(0), "Rain.")));

        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client.models.generateContent(MODEL, half, tools().build()))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(400));
    }

    @Test
    void callWithoutItsSignatureIsRefused() {
        GenerateContentResponse first = client.models.generateContent(MODEL, RequestSamples.QUESTION, tools().build());
        List<FunctionCall> calls = first.functionCalls();
        Content unsigned = Content.builder()
                .role("model")
                .parts(calls.stream()
                        .map(call -> Part.builder().functionCall(call).build())
                        .toList())
                .build();

        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client.models.generateContent(
                        MODEL,
                        conversation(unsigned, List.of(result(calls.get(0), "Rain."), result(calls.get(1), "Six."))),
                        tools().build()))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(400));
    }

    private GenerateContentResponse ask(String text, FunctionCallingConfig choice) {
        return client.models.generateContent(
                MODEL,
                text,
                tools().toolConfig(ToolConfig.builder()
                                .functionCallingConfig(choice)
                                .build())
                        .build());
    }

    private static GenerateContentConfig.Builder tools() {
        return GenerateContentConfig.builder()
                .tools(Tool.builder()
                        .functionDeclarations(declaration("weather"), declaration("tides"))
                        .build());
    }

    private static FunctionDeclaration declaration(String name) {
        return FunctionDeclaration.builder()
                .name(name)
                .description("Looks it up.")
                .parametersJsonSchema(RequestSamples.WHOLE)
                .build();
    }

    private static List<String> names(GenerateContentResponse answer) {
        List<FunctionCall> calls = answer.functionCalls();
        return calls == null
                ? List.of()
                : calls.stream().map(call -> call.name().orElseThrow()).toList();
    }

    private static Object city(FunctionCall call) {
        return call.args().orElseThrow().get("city");
    }

    private static Content modelContent(GenerateContentResponse answer) {
        return answer.candidates().orElseThrow().get(0).content().orElseThrow();
    }

    private static List<Content> conversation(Content answered, List<Part> results) {
        return List.of(
                Content.builder()
                        .role("user")
                        .parts(List.of(Part.fromText(RequestSamples.QUESTION)))
                        .build(),
                answered,
                Content.builder().role("user").parts(results).build());
    }

    private static Part result(FunctionCall call, String text) {
        FunctionResponse.Builder response =
                FunctionResponse.builder().name(call.name().orElseThrow()).response(Map.of("output", text));
        call.id().ifPresent(response::id);
        return Part.builder().functionResponse(response.build()).build();
    }
}
