package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ClientException;
import com.google.genai.types.Content;
import com.google.genai.types.CountTokensConfig;
import com.google.genai.types.FinishReason;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Model;
import com.google.genai.types.Part;
import dev.architect.simulator.log.SimulatedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code google-genai} makes of the simulator's {@code generateContent}. */
final class GeminiTest extends VendorCases<Client> {

    private static final String MODEL = "gemini-2.5-flash";
    private static final String QUESTION = "Why is the sky blue at noon?";
    private static final GenerateContentConfig PLAIN =
            GenerateContentConfig.builder().build();

    GeminiTest() {
        super("gemini", GeminiClients::of, Client::close);
    }

    @Test
    void wholeAnswerHasTextAndTheUsageOfTheLog() {
        GenerateContentResponse answer = client.models.generateContent(MODEL, QUESTION, PLAIN);

        assertThat(answer.text()).isNotBlank();
        assertThat(answer.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertThat(answer.modelVersion()).hasValue(MODEL);
        assertUsage(answer.usageMetadata().orElseThrow(), provider.answered());
    }

    @Test
    void streamCarriesTheTextOfTheWholeAnswerAndTheUsageOfTheLog() {
        String whole = client.models.generateContent(MODEL, QUESTION, PLAIN).text();
        StringBuilder text = new StringBuilder();
        List<GenerateContentResponse> pieces = new ArrayList<>();

        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(MODEL, QUESTION, PLAIN)) {
            stream.forEach(chunk -> {
                pieces.add(chunk);
                chunk.parts().forEach(part -> part.text().ifPresent(text::append));
            });
        }

        assertThat(text).hasToString(whole);
        assertThat(provider.answered().stream()).isTrue();
        GenerateContentResponse last = pieces.get(pieces.size() - 1);
        assertThat(last.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertUsage(last.usageMetadata().orElseThrow(), provider.answered());
    }

    @Test
    void systemTextCountsAsPrompt() {
        client.models.generateContent(MODEL, QUESTION, PLAIN);
        long without = provider.answered().promptTokens();

        client.models.generateContent(
                MODEL,
                QUESTION,
                GenerateContentConfig.builder()
                        .systemInstruction(Content.fromParts(Part.fromText("Be kind.")))
                        .build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + 2 + 4);
    }

    @Test
    void cachedTokensAreTheOnesOfTheLog() {
        provider.update(script -> script.withCacheHitShare(1));

        GenerateContentResponse answer = client.models.generateContent(MODEL, QUESTION, PLAIN);

        assertThat(provider.answered().cacheReadTokens()).isPositive();
        assertUsage(answer.usageMetadata().orElseThrow(), provider.answered());
    }

    @Test
    void answerIsCutAtTheLimit() {
        GenerateContentResponse answer = client.models.generateContent(
                "gemini-2.5-flash-lite",
                QUESTION,
                GenerateContentConfig.builder().maxOutputTokens(2).build());

        assertThat(answer.finishReason().knownEnum()).isEqualTo(FinishReason.Known.MAX_TOKENS);
    }

    @Test
    void tokensAreCountedAsTheCallCountsThem() {
        int counted = client.models
                .countTokens(MODEL, QUESTION, CountTokensConfig.builder().build())
                .totalTokens()
                .orElseThrow();

        client.models.generateContent(MODEL, QUESTION, PLAIN);

        assertThat(counted).isEqualTo((int) provider.answered().promptTokens());
    }

    @Test
    void wrongKeyIsABadRequest() {
        try (Client other = GeminiClients.of(provider, "wrong")) {
            assertThatExceptionOfType(ClientException.class)
                    .isThrownBy(() -> other.models.generateContent(MODEL, QUESTION, PLAIN))
                    .satisfies(failure -> assertError(failure, 400, "INVALID_ARGUMENT"))
                    .withMessageContaining("API key not valid");
        }
    }

    @Test
    void unknownModelIsNotFound() {
        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client.models.generateContent("gemini-none", QUESTION, PLAIN))
                .satisfies(failure -> assertError(failure, 404, "NOT_FOUND"));
    }

    @Test
    void rateLimitIsTyped() {
        provider.failWith(429);

        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client.models.generateContent(MODEL, QUESTION, PLAIN))
                .satisfies(failure -> assertError(failure, 429, "RESOURCE_EXHAUSTED"));
    }

    @Test
    void unknownFieldIsRefused() {
        GenerateContentConfig planted = GenerateContentConfig.builder()
                .httpOptions(
                        HttpOptions.builder().extraBody(Map.of("maxToken", 5)).build())
                .build();

        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client.models.generateContent(MODEL, QUESTION, planted))
                .satisfies(failure -> assertError(failure, 400, "INVALID_ARGUMENT"))
                .withMessageContaining("Unknown name \"maxToken\"");
    }

    @Test
    void missingFieldIsRefused() {
        assertThatExceptionOfType(ClientException.class)
                .isThrownBy(() -> client.models.generateContent(MODEL, List.<Content>of(), PLAIN))
                .satisfies(failure -> assertError(failure, 400, "INVALID_ARGUMENT"));
    }

    @Test
    void modelsAreTheOnesOfTheScript() {
        List<String> names = new ArrayList<>();
        for (Model model : client.models.list(ListModelsConfig.builder().build())) {
            names.add(model.name().orElseThrow());
        }

        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(
                        provider.models().stream().map(id -> "models/" + id).toList());
    }

    static void assertUsage(GenerateContentResponseUsageMetadata usage, SimulatedCall call) {
        int reasoningTokens = usage.thoughtsTokenCount().orElse(0);
        assertThat(usage.promptTokenCount()).hasValue((int) call.promptTokens());
        assertThat(usage.cachedContentTokenCount().orElse(0)).isEqualTo((int) call.cacheReadTokens());
        assertThat(reasoningTokens).isEqualTo((int) call.reasoningTokens());
        assertThat(usage.candidatesTokenCount().orElse(0) + reasoningTokens).isEqualTo((int) call.outputTokens());
        assertThat(usage.totalTokenCount()).hasValue((int) (call.promptTokens() + call.outputTokens()));
    }

    private static void assertError(ClientException failure, int code, String status) {
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.status()).isEqualTo(status);
    }
}
