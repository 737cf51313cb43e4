package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.Usage;
import com.anthropic.models.models.ModelInfo;
import dev.architect.simulator.log.SimulatedCall;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code anthropic-java} makes of the simulator's Messages. */
final class AnthropicTest extends VendorCases<AnthropicClient> {

    private static final String MODEL = "claude-sonnet-5-5";
    private static final String QUESTION = "Why is the sky blue at noon?";

    AnthropicTest() {
        super("claude", AnthropicClients::of, AnthropicClient::close);
    }

    @Test
    void wholeMessageHasTextAndTheUsageOfTheLog() {
        Message answer = client.messages().create(request().build());

        assertThat(text(answer)).isNotBlank();
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(answer.model().asString()).isEqualTo(MODEL);
        assertUsage(answer.usage(), provider.answered());
    }

    @Test
    void streamCarriesTheTextOfTheWholeMessageAndTheUsageOfTheLog() {
        String whole = text(client.messages().create(request().build()));

        Message streamed = stream(request().build());

        assertThat(text(streamed)).isEqualTo(whole);
        assertThat(provider.answered().stream()).isTrue();
        assertUsage(streamed.usage(), provider.answered());
    }

    @Test
    void systemTextCountsAsPrompt() {
        client.messages().create(request().build());
        long without = provider.answered().promptTokens();

        client.messages().create(request().system("Be kind.").build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + 2 + 4);
    }

    @Test
    void cachedTokensAreTheOnesOfTheLog() {
        provider.update(script -> script.withCacheHitShare(1));

        Message answer = client.messages().create(request().build());

        assertThat(provider.answered().cacheReadTokens()).isPositive();
        assertUsage(answer.usage(), provider.answered());
    }

    @Test
    void answerIsCutAtTheLimit() {
        Message answer = client.messages().create(request().maxTokens(2).build());

        assertThat(answer.stopReason()).hasValue(StopReason.MAX_TOKENS);
        assertThat(answer.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void tokensAreCountedAsTheCallCountsThem() {
        long counted = client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model(MODEL)
                        .addUserMessage(QUESTION)
                        .build())
                .inputTokens();

        client.messages().create(request().build());

        assertThat(counted).isEqualTo(provider.answered().promptTokens());
    }

    @Test
    void wrongKeyIsUnauthorized() {
        client.close();
        client = AnthropicClients.of(provider, "wrong");

        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(() -> client.messages().create(request().build()))
                .satisfies(failure -> assertType(failure, ErrorType.AUTHENTICATION_ERROR));
    }

    @Test
    void unknownModelIsNotFound() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() ->
                        client.messages().create(request().model("claude-none").build()))
                .satisfies(failure -> assertType(failure, ErrorType.NOT_FOUND_ERROR));
    }

    @Test
    void rateLimitIsTypedWithRetryAfter() {
        provider.failWith(429);

        assertThatExceptionOfType(RateLimitException.class)
                .isThrownBy(() -> client.messages().create(request().build()))
                .satisfies(failure -> {
                    assertType(failure, ErrorType.RATE_LIMIT_ERROR);
                    assertThat(failure.headers().values("retry-after")).containsExactly("2");
                });
    }

    @Test
    void unknownFieldIsRefused() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.messages()
                        .create(request()
                                .putAdditionalBodyProperty("max_token", JsonValue.from(5))
                                .build()))
                .satisfies(failure -> assertThat(failure.apiMessage().orElseThrow())
                        .startsWith("max_token:")
                        .contains("Extra inputs are not permitted"));
    }

    @Test
    void missingFieldIsRefused() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() ->
                        client.messages().create(request().messages(List.of()).build()))
                .satisfies(failure ->
                        assertThat(failure.apiMessage().orElseThrow()).startsWith("messages:"));
    }

    @Test
    void modelsAreTheOnesOfTheScript() {
        assertThat(client.models().list().data())
                .extracting(ModelInfo::id)
                .containsExactlyInAnyOrderElementsOf(provider.models());
    }

    private Message stream(MessageCreateParams request) {
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(request)) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(whole::accumulate);
        }
        return whole.message();
    }

    static String text(Message answer) {
        return answer.content().stream()
                .map(ContentBlock::text)
                .flatMap(Optional::stream)
                .map(TextBlock::text)
                .collect(Collectors.joining());
    }

    static void assertUsage(Usage usage, SimulatedCall call) {
        long read = usage.cacheReadInputTokens().orElseThrow();
        long written = usage.cacheCreationInputTokens().orElseThrow();
        assertThat(usage.inputTokens() + read + written).isEqualTo(call.promptTokens());
        assertThat(read).isEqualTo(call.cacheReadTokens());
        assertThat(written).isEqualTo(call.cacheWriteTokens());
        assertThat(usage.outputTokens()).isEqualTo(call.outputTokens());
    }

    private static MessageCreateParams.Builder request() {
        return MessageCreateParams.builder().model(MODEL).maxTokens(2_000).addUserMessage(QUESTION);
    }

    private static void assertType(AnthropicServiceException failure, ErrorType type) {
        assertThat(failure.type()).hasValue(type);
        assertThat(failure.requestId()).isNotEmpty();
    }
}
