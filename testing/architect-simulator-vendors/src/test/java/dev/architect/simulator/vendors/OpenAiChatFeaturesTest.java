package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Structured output, reasoning, images and embeddings through {@code openai-java}. */
final class OpenAiChatFeaturesTest extends VendorCases<OpenAIClient> {

    private static final String QUESTION = "Why is the sky blue at noon?";

    OpenAiChatFeaturesTest() {
        super("openai", OpenAiClients::of, OpenAIClient::close);
    }

    @Test
    void answerIsJsonOfTheSchema() {
        ResponseFormatJsonSchema.JsonSchema.Schema.Builder schema =
                ResponseFormatJsonSchema.JsonSchema.Schema.builder();
        RequestSamples.WHOLE.forEach((key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));

        ChatCompletion answer = client.chat()
                .completions()
                .create(request("gpt-4o-mini")
                        .addUserMessage(QUESTION)
                        .jsonSchemaResponseFormat(ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("trip")
                                .strict(true)
                                .schema(schema.build())
                                .build())
                        .build());

        JsonNode json = OpenAiChatToolsTest.json(OpenAiChatTest.text(answer));
        assertThat(json.path("city").isTextual()).isTrue();
        assertThat(json.path("days").isInt()).isTrue();
        OpenAiChatTest.assertUsage(answer.usage().orElseThrow(), provider.answered());
    }

    @Test
    void effortIsCountedAsReasoning() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(request("gpt-5.4")
                        .addUserMessage(QUESTION)
                        .reasoningEffort(ReasoningEffort.HIGH)
                        .build());

        assertThat(provider.answered().reasoningTokens()).isPositive();
        OpenAiChatTest.assertUsage(answer.usage().orElseThrow(), provider.answered());
    }

    @Test
    void imageCountsAsPrompt() {
        client.chat()
                .completions()
                .create(request("gpt-4o-mini").addUserMessage(QUESTION).build());
        long without = provider.answered().promptTokens();

        client.chat()
                .completions()
                .create(request("gpt-4o-mini")
                        .addUserMessageOfArrayOfContentParts(List.of(
                                ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                        .text(QUESTION)
                                        .build()),
                                ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                        .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                                .url("data:image/png;base64," + RequestSamples.PIXEL)
                                                .build())
                                        .build())))
                        .build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + RequestSamples.PICTURE_TOKENS);
    }

    @Test
    void textsAreEmbedded() {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .inputOfArrayOfStrings(List.of("one", "two"))
                        .dimensions(64)
                        .build());

        assertThat(answer.data()).hasSize(2);
        assertThat(answer.data())
                .allSatisfy(vector -> assertThat(vector.embedding()).hasSize(64));
        assertThat(answer.data().get(0).embedding())
                .isNotEqualTo(answer.data().get(1).embedding());
        assertThat(answer.usage().promptTokens()).isEqualTo(provider.answered().promptTokens());
    }

    private static ChatCompletionCreateParams.Builder request(String model) {
        return ChatCompletionCreateParams.builder().model(model);
    }
}
