package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingBlock;
import com.anthropic.models.messages.ThinkingBlockParam;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Structured output, thinking, images and cache breakpoints through {@code anthropic-java}. */
final class AnthropicFeaturesTest extends VendorCases<AnthropicClient> {

    private static final String QUESTION = "Why is the sky blue at noon?";

    AnthropicFeaturesTest() {
        super("claude", AnthropicClients::of, AnthropicClient::close);
    }

    @Test
    void answerIsJsonOfTheSchema() throws IOException {
        JsonOutputFormat.Schema.Builder schema = JsonOutputFormat.Schema.builder();
        RequestSamples.WHOLE.forEach((key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));

        Message answer = client.messages()
                .create(request()
                        .outputConfig(OutputConfig.builder()
                                .format(JsonOutputFormat.builder()
                                        .schema(schema.build())
                                        .build())
                                .build())
                        .build());

        JsonNode json = new ObjectMapper().readTree(AnthropicTest.text(answer));
        assertThat(json.path("city").isTextual()).isTrue();
        assertThat(json.path("days").isInt()).isTrue();
        AnthropicTest.assertUsage(answer.usage(), provider.answered());
    }

    @Test
    void thinkingIsSignedAndCounted() {
        Message answer = client.messages().create(thinking().build());

        ThinkingBlock thinking = thinkingBlock(answer);
        assertThat(thinking.thinking()).isNotBlank();
        assertThat(thinking.signature()).isNotBlank();
        assertThat(AnthropicTest.text(answer)).isNotBlank();
        assertThat(provider.answered().reasoningTokens()).isPositive();
        assertThat(answer.usage().outputTokensDetails().orElseThrow().thinkingTokens())
                .isEqualTo(provider.answered().reasoningTokens());
        AnthropicTest.assertUsage(answer.usage(), provider.answered());
    }

    @Test
    void streamedThinkingIsTheOneOfTheWholeMessage() {
        Message whole = client.messages().create(thinking().build());
        MessageAccumulator streamed = MessageAccumulator.create();

        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(thinking().build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(streamed::accumulate);
        }

        assertThat(thinkingBlock(streamed.message()).thinking())
                .isEqualTo(thinkingBlock(whole).thinking());
        assertThat(thinkingBlock(streamed.message()).signature())
                .isEqualTo(thinkingBlock(whole).signature());
        assertThat(AnthropicTest.text(streamed.message())).isEqualTo(AnthropicTest.text(whole));
    }

    @Test
    void thinkingMayComeBackUnchangedOnly() {
        Message first = client.messages().create(thinking().build());
        ThinkingBlockParam changed = thinkingBlock(first).toParam().toBuilder()
                .thinking("Something else.")
                .build();

        Message second = client.messages()
                .create(thinking()
                        .addMessage(first)
                        .addUserMessage("And at night?")
                        .build());

        assertThat(AnthropicTest.text(second)).isNotBlank();
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.messages()
                        .create(thinking()
                                .addAssistantMessageOfContentBlockParams(List.of(
                                        ContentBlockParam.ofThinking(changed), ContentBlockParam.ofText("Because.")))
                                .addUserMessage("And at night?")
                                .build()))
                .satisfies(failure ->
                        assertThat(failure.apiMessage().orElseThrow()).contains("Invalid `signature`"));
    }

    @Test
    void imageCountsAsPrompt() {
        client.messages().create(request().build());
        long without = provider.answered().promptTokens();

        Message answer = client.messages()
                .create(MessageCreateParams.builder()
                        .model("claude-sonnet-5-5")
                        .maxTokens(2_000)
                        .addUserMessageOfContentBlockParams(List.of(
                                ContentBlockParam.ofImage(Base64ImageSource.builder()
                                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                        .data(RequestSamples.PIXEL)
                                        .build()),
                                ContentBlockParam.ofText(QUESTION)))
                        .build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + RequestSamples.PICTURE_TOKENS);
        AnthropicTest.assertUsage(answer.usage(), provider.answered());
    }

    @Test
    void promptWithABreakpointIsWrittenToTheCacheAndThenReadFromIt() {
        MessageCreateParams marked = request()
                .systemOfTextBlockParams(List.of(TextBlockParam.builder()
                        .text("You answer briefly. ".repeat(400))
                        .cacheControl(CacheControlEphemeral.builder()
                                .ttl(CacheControlEphemeral.Ttl.TTL_1H)
                                .build())
                        .build()))
                .build();

        Usage written = client.messages().create(marked).usage();
        AnthropicTest.assertUsage(written, provider.answered());
        Usage read = client.messages().create(marked).usage();
        AnthropicTest.assertUsage(read, provider.answered());

        long tokens = written.cacheCreation().orElseThrow().ephemeral1hInputTokens();
        assertThat(tokens).isPositive();
        assertThat(written.cacheCreationInputTokens()).hasValue(tokens);
        assertThat(read.cacheReadInputTokens()).hasValue(tokens);
        assertThat(read.cacheCreationInputTokens()).hasValue(0L);
    }

    private static MessageCreateParams.Builder request() {
        return MessageCreateParams.builder()
                .model("claude-sonnet-5-5")
                .maxTokens(2_000)
                .addUserMessage(QUESTION);
    }

    private static MessageCreateParams.Builder thinking() {
        return request()
                .thinking(ThinkingConfigAdaptive.builder()
                        .display(ThinkingConfigAdaptive.Display.SUMMARIZED)
                        .build());
    }

    private static ThinkingBlock thinkingBlock(Message answer) {
        return answer.content().stream()
                .map(ContentBlock::thinking)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }
}
