package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import dev.architect.simulator.log.SimulatedCall;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code openai-java} makes of the simulator's Responses. */
final class OpenAiResponsesTest extends VendorCases<OpenAIClient> {

    private static final String MODEL = "gpt-5-nano";
    private static final String QUESTION = "Why is the sky blue at noon?";

    OpenAiResponsesTest() {
        super("openai", OpenAiClients::of, OpenAIClient::close);
    }

    @Test
    void wholeResponseHasTextAndTheUsageOfTheLog() {
        Response answer = client.responses().create(request().build());

        assertThat(text(answer)).isNotBlank();
        assertThat(answer.status()).hasValue(ResponseStatus.COMPLETED);
        assertUsage(answer.usage().orElseThrow(), provider.answered());
    }

    @Test
    void streamCarriesTheTextOfTheWholeResponseAndTheUsageOfTheLog() {
        String whole = text(client.responses().create(request().build()));
        ResponseAccumulator collected = ResponseAccumulator.create();
        StringBuilder pieces = new StringBuilder();

        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(request().build())) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(event -> {
                collected.accumulate(event);
                event.outputTextDelta().ifPresent(delta -> pieces.append(delta.delta()));
            });
        }

        assertThat(pieces).hasToString(whole);
        assertThat(text(collected.response())).isEqualTo(whole);
        assertUsage(collected.response().usage().orElseThrow(), provider.answered());
    }

    @Test
    void instructionsCountAsPrompt() {
        client.responses().create(request().build());
        long without = provider.answered().promptTokens();

        client.responses().create(request().instructions("Be kind.").build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + 2 + 4);
    }

    @Test
    void cachedTokensAreTheOnesOfTheLog() {
        provider.update(script -> script.withCacheHitShare(1));

        Response answer = client.responses().create(request().build());

        assertThat(provider.answered().cacheReadTokens()).isPositive();
        assertUsage(answer.usage().orElseThrow(), provider.answered());
    }

    @Test
    void answerIsIncompleteAtTheLimit() {
        Response answer =
                client.responses().create(request().maxOutputTokens(16).build());

        assertThat(answer.status()).hasValue(ResponseStatus.INCOMPLETE);
        assertThat(answer.incompleteDetails().orElseThrow().reason())
                .hasValue(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
    }

    @Test
    void tokensAreCountedAsTheCallCountsThem() {
        long counted = client.responses()
                .inputTokens()
                .count(InputTokenCountParams.builder()
                        .model(MODEL)
                        .input(QUESTION)
                        .build())
                .inputTokens();

        client.responses().create(request().build());

        assertThat(counted).isEqualTo(provider.answered().promptTokens());
    }

    @Test
    void wrongKeyIsUnauthorized() {
        client.close();
        client = OpenAiClients.of(provider, "wrong");

        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(() -> client.responses().create(request().build()));
    }

    @Test
    void unknownModelIsABadRequest() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() ->
                        client.responses().create(request().model("gpt-none").build()))
                .satisfies(failure -> assertThat(failure.code()).hasValue("model_not_found"));
    }

    @Test
    void rateLimitIsTyped() {
        provider.failWith(429);

        assertThatExceptionOfType(RateLimitException.class)
                .isThrownBy(() -> client.responses().create(request().build()));
    }

    @Test
    void unknownFieldIsRefused() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses()
                        .create(request()
                                .putAdditionalBodyProperty("max_tokens", JsonValue.from(5))
                                .build()))
                .satisfies(failure -> assertThat(failure.param()).hasValue("max_tokens"));
    }

    @Test
    void missingFieldIsRefused() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses()
                        .create(ResponseCreateParams.builder().model(MODEL).build()))
                .satisfies(failure -> assertThat(failure.param()).hasValue("input"));
    }

    static String text(Response answer) {
        return answer.output().stream()
                .map(ResponseOutputItem::message)
                .flatMap(Optional::stream)
                .flatMap(message -> message.content().stream())
                .map(ResponseOutputMessage.Content::outputText)
                .flatMap(Optional::stream)
                .map(ResponseOutputText::text)
                .collect(Collectors.joining());
    }

    private static ResponseCreateParams.Builder request() {
        return ResponseCreateParams.builder().model(MODEL).input(QUESTION);
    }

    static void assertUsage(ResponseUsage usage, SimulatedCall call) {
        assertThat(usage.inputTokens()).isEqualTo(call.promptTokens());
        assertThat(usage.outputTokens()).isEqualTo(call.outputTokens());
        assertThat(usage.totalTokens()).isEqualTo(call.promptTokens() + call.outputTokens());
        assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(call.cacheReadTokens());
        assertThat(usage.outputTokensDetails().reasoningTokens()).isEqualTo(call.reasoningTokens());
    }
}
