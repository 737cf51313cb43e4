package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.models.ErrorType;
import com.anthropic.models.beta.messages.BetaStopReason;
import com.google.genai.types.BlockedReason;
import com.google.genai.types.FinishReason;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseError;
import com.openai.models.responses.ResponseStatus;
import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderCall;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every word that the vendors' own clients know for the end of an answer and for errors is known to the adapters too: a newer
 * client with a new word fails here, before an answer ends for an unknown reason.
 */
class VendorWordsTest {

    /** Gemini's own words for a reason that it does not tell. */
    private static final Set<FinishReason.Known> UNTOLD = EnumSet.of(
            FinishReason.Known.OTHER,
            FinishReason.Known.IMAGE_OTHER,
            FinishReason.Known.NO_IMAGE,
            FinishReason.Known.FINISH_REASON_UNSPECIFIED);

    @ParameterizedTest
    @MethodSource
    void claudesStopReasonsAreKnown(String word) {
        assertThat(stopOfClaude(word)).isNotEqualTo(StopReason.OTHER);
    }

    static Stream<String> claudesStopReasonsAreKnown() {
        return Stream.concat(
                        words(com.anthropic.models.messages.StopReason.Known.values()),
                        words(BetaStopReason.Known.values()))
                .distinct();
    }

    @ParameterizedTest
    @EnumSource(ErrorType.Known.class)
    void claudesErrorTypesAreKnown(ErrorType.Known type) {
        String body = "{\"type\":\"error\",\"error\":{\"type\":\"" + word(type) + "\",\"message\":\"No.\"}}";

        // A status that has no meaning of its own: what is no server error then comes from the type.
        FailureKind kind = failure(claude(418, body)).kind();

        assertThat(kind)
                .isEqualTo(
                        switch (type) {
                            case INVALID_REQUEST_ERROR, NOT_FOUND_ERROR -> FailureKind.INVALID_REQUEST;
                            case AUTHENTICATION_ERROR, PERMISSION_ERROR -> FailureKind.AUTHENTICATION;
                            case BILLING_ERROR -> FailureKind.QUOTA_EXHAUSTED;
                            case RATE_LIMIT_ERROR -> FailureKind.RATE_LIMITED;
                            case TIMEOUT_ERROR, API_ERROR, CONFLICT_ERROR -> FailureKind.UNAVAILABLE;
                            case OVERLOADED_ERROR -> FailureKind.OVERLOADED;
                            // Of an API that the adapter does not call.
                            case MEMORY_PRECONDITION_FAILED_ERROR, MEMORY_PATH_CONFLICT_ERROR ->
                                FailureKind.INVALID_REQUEST;
                        });
    }

    @ParameterizedTest
    @EnumSource(ChatCompletion.Choice.FinishReason.Known.class)
    void openAisFinishReasonsAreKnown(ChatCompletion.Choice.FinishReason.Known reason) {
        String body = "{\"choices\":[{\"message\":{\"content\":\"ok\"},\"finish_reason\":\"" + word(reason) + "\"}]}";

        assertThat(stop(openAi(OpenAiApi.CHAT_COMPLETIONS, body))).isNotEqualTo(StopReason.OTHER);
    }

    @ParameterizedTest
    @EnumSource(Response.IncompleteDetails.Reason.Known.class)
    void openAisReasonsOfAnIncompleteResponseAreKnown(Response.IncompleteDetails.Reason.Known reason) {
        String body = "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"" + word(reason)
                + "\"},\"output\":[]}";

        assertThat(stop(openAi(OpenAiApi.RESPONSES, body))).isNotEqualTo(StopReason.OTHER);
    }

    @ParameterizedTest
    @EnumSource(ResponseStatus.Known.class)
    void openAisStatusOfAResponseIsKnown(ResponseStatus.Known status) {
        ModelProvider provider =
                openAi(OpenAiApi.RESPONSES, "{\"status\":\"" + word(status) + "\",\"output\":[],\"error\":{}}");

        switch (status) {
            case COMPLETED, INCOMPLETE -> assertThat(stop(provider)).isNotNull();
            case FAILED, CANCELLED -> assertThat(failure(provider).kind()).isEqualTo(FailureKind.UNAVAILABLE);
            case IN_PROGRESS, QUEUED -> assertThat(failure(provider).kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    @ParameterizedTest
    @EnumSource(ResponseError.Code.Known.class)
    void openAisErrorCodesAreKnown(ResponseError.Code.Known code) {
        FailureKind kind = failure(openAi(
                        OpenAiApi.RESPONSES,
                        "{\"status\":\"failed\",\"output\":[],\"error\":{\"code\":\"" + word(code) + "\"}}"))
                .kind();

        boolean isServers =
                code == ResponseError.Code.Known.SERVER_ERROR || code == ResponseError.Code.Known.VECTOR_STORE_TIMEOUT;
        assertThat(kind == FailureKind.UNAVAILABLE).isEqualTo(isServers);
    }

    @ParameterizedTest
    @EnumSource(FinishReason.Known.class)
    void geminisFinishReasonsAreKnown(FinishReason.Known reason) {
        ModelProvider provider =
                gemini("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hi\"}]},\"finishReason\":\""
                        + reason.name() + "\"}]}");

        if (reason.name().startsWith("MALFORMED_")
                || reason.name().endsWith("_TOOL_CALL")
                || reason.name().endsWith("_TOOL_CALLS")) {
            assertThat(failure(provider).kind()).isEqualTo(FailureKind.PROTOCOL);
        } else {
            assertThat(stop(provider) == StopReason.OTHER).isEqualTo(UNTOLD.contains(reason));
        }
    }

    @ParameterizedTest
    @EnumSource(BlockedReason.Known.class)
    void geminisReasonsOfABlockAreRefusals(BlockedReason.Known reason) {
        assertThat(stop(gemini("{\"promptFeedback\":{\"blockReason\":\"" + reason.name() + "\"}}")))
                .isEqualTo(StopReason.REFUSED);
        // Some services put such a word at the end of an answer that had begun.
        if (reason == BlockedReason.Known.MODEL_ARMOR || reason == BlockedReason.Known.JAILBREAK) {
            assertThat(stop(gemini("{\"candidates\":[{\"finishReason\":\"" + reason.name() + "\"}]}")))
                    .isEqualTo(StopReason.REFUSED);
        }
    }

    private static StopReason stopOfClaude(String word) {
        return stop(claude(200, "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"" + word + "\"}"));
    }

    private static Stream<String> words(Enum<?>... known) {
        return Arrays.stream(known).map(VendorWordsTest::word);
    }

    private static String word(Enum<?> known) {
        return known.name().toLowerCase(Locale.ROOT);
    }

    private static ModelProvider claude(int status, String body) {
        return ClaudeProvider.builder(name -> Optional.of("key"))
                .replies(request -> Reply.of(status, ReplyHeaders.none(), body))
                .build();
    }

    private static ModelProvider openAi(OpenAiApi api, String body) {
        return OpenAiProvider.builder(name -> Optional.of("key"))
                .api(api)
                .replies(request -> Reply.of(200, ReplyHeaders.none(), body))
                .build();
    }

    private static ModelProvider gemini(String body) {
        return GeminiProvider.builder(name -> Optional.of("key"))
                .replies(request -> Reply.of(200, ReplyHeaders.none(), body))
                .build();
    }

    private static StopReason stop(ModelProvider provider) {
        try (provider) {
            return provider.chat(call()).stopReason();
        }
    }

    private static ProviderException failure(ModelProvider provider) {
        try (provider) {
            return catchThrowableOfType(ProviderException.class, () -> provider.chat(call()));
        }
    }

    private static ProviderCall call() {
        return new ProviderCall("model", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
    }
}
