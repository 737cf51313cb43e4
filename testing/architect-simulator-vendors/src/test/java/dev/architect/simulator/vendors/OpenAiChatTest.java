package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.models.Model;
import dev.architect.simulator.log.SimulatedCall;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code openai-java} makes of the simulator's Chat Completions. */
final class OpenAiChatTest extends VendorCases<OpenAIClient> {

    private static final String MODEL = "gpt-4o-mini";

    OpenAiChatTest() {
        super("openai", OpenAiClients::of, OpenAIClient::close);
    }

    @Test
    void wholeChatHasTextAndTheUsageOfTheLog() {
        ChatCompletion answer = client.chat().completions().create(request().build());

        assertThat(text(answer)).isNotBlank();
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.model()).isEqualTo(MODEL);
        assertUsage(answer.usage().orElseThrow(), provider.answered());
    }

    @Test
    void streamCarriesTheTextOfTheWholeChatAndTheUsageOfTheLog() {
        String whole = text(client.chat().completions().create(request().build()));

        ChatCompletion streamed = stream(request()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());

        assertThat(text(streamed)).isEqualTo(whole);
        assertThat(provider.answered().stream()).isTrue();
        assertUsage(streamed.usage().orElseThrow(), provider.answered());
    }

    @Test
    void streamHasNoUsageByDefault() {
        assertThat(stream(request().build()).usage()).isEmpty();
    }

    @Test
    void systemTextCountsAsPrompt() {
        client.chat().completions().create(request().build());
        long without = provider.answered().promptTokens();

        client.chat()
                .completions()
                .create(request()
                        .addSystemMessage("Answer in one sentence.")
                        .addDeveloperMessage("Be kind.")
                        .build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + 6 + 4 + 2 + 4);
    }

    @Test
    void cachedAndReasoningTokensAreTheOnesOfTheLog() {
        provider.update(script -> script.withCacheHitShare(1));

        ChatCompletion answer =
                client.chat().completions().create(request().model("gpt-5-nano").build());

        SimulatedCall call = provider.answered();
        assertThat(call.cacheReadTokens()).isPositive();
        assertThat(call.reasoningTokens()).isPositive();
        assertUsage(answer.usage().orElseThrow(), call);
    }

    @Test
    void answerIsCutAtTheLimit() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(request().maxCompletionTokens(2).build());

        assertThat(answer.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(2);
    }

    @Test
    void wrongKeyIsUnauthorized() {
        client.close();
        client = OpenAiClients.of(provider, "wrong");

        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(() -> client.chat().completions().create(request().build()))
                .satisfies(failure -> assertCode(failure, "invalid_api_key"));
    }

    @Test
    void unknownModelIsNotFound() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(request().model("gpt-none").build()))
                .satisfies(failure -> assertCode(failure, "model_not_found"));
    }

    @Test
    void rateLimitIsTypedWithRetryAfter() {
        provider.failWith(429);

        assertThatExceptionOfType(RateLimitException.class)
                .isThrownBy(() -> client.chat().completions().create(request().build()))
                .satisfies(failure -> {
                    assertCode(failure, "rate_limit_exceeded");
                    assertThat(failure.headers().values("retry-after")).containsExactly("2");
                });
    }

    @Test
    void unknownFieldIsRefused() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(request()
                                .putAdditionalBodyProperty("max_token", JsonValue.from(5))
                                .build()))
                .satisfies(failure -> assertThat(failure.param()).hasValue("max_token"));
    }

    @Test
    void missingFieldIsRefused() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.chat()
                        .completions()
                        .create(request().messages(List.of()).build()))
                .satisfies(failure -> assertThat(failure.param()).hasValue("messages"));
    }

    @Test
    void modelsAreTheOnesOfTheScript() {
        assertThat(client.models().list().data()).extracting(Model::id).containsExactlyElementsOf(provider.models());
    }

    private ChatCompletion stream(ChatCompletionCreateParams request) {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(request)) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    private static ChatCompletionCreateParams.Builder request() {
        return ChatCompletionCreateParams.builder().model(MODEL).addUserMessage("Why is the sky blue at noon?");
    }

    static String text(ChatCompletion answer) {
        return answer.choices().get(0).message().content().orElseThrow();
    }

    static void assertUsage(CompletionUsage usage, SimulatedCall call) {
        assertThat(usage.promptTokens()).isEqualTo(call.promptTokens());
        assertThat(usage.completionTokens()).isEqualTo(call.outputTokens());
        assertThat(usage.totalTokens()).isEqualTo(call.promptTokens() + call.outputTokens());
        assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).hasValue(call.cacheReadTokens());
        assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens())
                .hasValue(call.reasoningTokens());
    }

    private static void assertCode(OpenAIServiceException failure, String code) {
        assertThat(failure.code()).hasValue(code);
    }
}
