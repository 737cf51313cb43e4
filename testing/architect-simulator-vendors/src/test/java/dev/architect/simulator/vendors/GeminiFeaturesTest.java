package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.Client;
import com.google.genai.types.Content;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.ThinkingLevel;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Structured output, reasoning, images and embeddings through {@code google-genai}. */
final class GeminiFeaturesTest extends VendorCases<Client> {

    private static final String MODEL = "gemini-3.5-flash";
    private static final String QUESTION = "Why is the sky blue at noon?";
    private static final GenerateContentConfig PLAIN =
            GenerateContentConfig.builder().build();

    GeminiFeaturesTest() {
        super("gemini", GeminiClients::of, Client::close);
    }

    @Test
    void answerIsJsonOfTheSchema() {
        GenerateContentResponse answer = client.models.generateContent(
                MODEL,
                QUESTION,
                GenerateContentConfig.builder()
                        .responseMimeType("application/json")
                        .responseJsonSchema(RequestSamples.WHOLE)
                        .build());

        JsonNode json = OpenAiChatToolsTest.json(answer.text());
        assertThat(json.path("city").isTextual()).isTrue();
        assertThat(json.path("days").isInt()).isTrue();
        GeminiTest.assertUsage(answer.usageMetadata().orElseThrow(), provider.answered());
    }

    @Test
    void reasoningIsIncludedOnRequestAndCounted() {
        GenerateContentResponse answer = client.models.generateContent(
                MODEL,
                QUESTION,
                GenerateContentConfig.builder()
                        .thinkingConfig(ThinkingConfig.builder()
                                .includeThoughts(true)
                                .thinkingLevel(ThinkingLevel.Known.HIGH)
                                .build())
                        .build());

        assertThat(answer.parts()).anyMatch(part -> part.thought().orElse(false));
        assertThat(answer.parts())
                .anyMatch(part -> !part.thought().orElse(false)
                        && part.text().filter(text -> !text.isBlank()).isPresent());
        assertThat(provider.answered().reasoningTokens()).isPositive();
        GeminiTest.assertUsage(answer.usageMetadata().orElseThrow(), provider.answered());
    }

    @Test
    void imageCountsAsPrompt() {
        client.models.generateContent(MODEL, QUESTION, PLAIN);
        long without = provider.answered().promptTokens();

        client.models.generateContent(
                MODEL,
                Content.builder()
                        .role("user")
                        .parts(List.of(
                                Part.fromText(QUESTION),
                                Part.fromBytes(Base64.getDecoder().decode(RequestSamples.PIXEL), "image/png")))
                        .build(),
                PLAIN);

        assertThat(provider.answered().promptTokens()).isEqualTo(without + RequestSamples.PICTURE_TOKENS);
    }

    @Test
    void textsAreEmbedded() {
        List<ContentEmbedding> vectors = client.models
                .embedContent(
                        "gemini-embedding-001",
                        List.of("one", "two"),
                        EmbedContentConfig.builder().outputDimensionality(64).build())
                .embeddings()
                .orElseThrow();

        assertThat(vectors).hasSize(2);
        assertThat(vectors)
                .allSatisfy(vector -> assertThat(vector.values().orElseThrow()).hasSize(64));
        assertThat(vectors.get(0).values()).isNotEqualTo(vectors.get(1).values());
        assertThat(provider.answered().promptTokens()).isPositive();
    }
}
