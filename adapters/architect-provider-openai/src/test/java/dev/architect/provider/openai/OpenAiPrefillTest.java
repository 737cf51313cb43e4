package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.request.CallLimits;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.ProviderSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How services that are compatible with OpenAI are asked to continue an answer. */
final class OpenAiPrefillTest {

    private static final String PREFIX = "A river begins as";

    private final List<HttpRequest> sent = new ArrayList<>();

    @Test
    void openAiItselfContinuesNone() {
        try (OpenAiProvider provider = open(OpenAiPrefill.NONE, OpenAiApi.CHAT_COMPLETIONS)) {
            assertThat(provider.capabilities("gpt-4o")).doesNotContain(Capability.PREFILL);
            ProviderException failure =
                    catchThrowableOfType(ProviderException.class, () -> provider.chat(call("gpt-4o")));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure).hasMessageContaining("PREFILL");
            assertThat(sent).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(value = OpenAiPrefill.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theBeginningIsTheLastMessage(OpenAiPrefill prefill) {
        try (OpenAiProvider provider = open(prefill, OpenAiApi.CHAT_COMPLETIONS)) {
            provider.chat(call("mistral-large"));
        }

        JsonNode body = StubbedOpenAi.json(String.valueOf(sent.get(0).body().orElseThrow()));
        JsonNode last = body.path("messages").path(1);
        assertThat(body.path("messages")).hasSize(2);
        assertThat(last.path("role").asText()).isEqualTo("assistant");
        assertThat(last.path("content").asText()).isEqualTo(PREFIX);
        assertThat(last.has("prefix")).isEqualTo(prefill == OpenAiPrefill.PREFIX_FIELD);
        assertThat(body.has("continue_final_message")).isEqualTo(prefill == OpenAiPrefill.CONTINUE_FINAL_MESSAGE);
        assertThat(body.path("add_generation_prompt").asBoolean(true))
                .isEqualTo(prefill != OpenAiPrefill.CONTINUE_FINAL_MESSAGE);
    }

    @Test
    void neitherModelsThatReasonNorResponsesDo() {
        try (OpenAiProvider chat = open(OpenAiPrefill.LAST_MESSAGE, OpenAiApi.CHAT_COMPLETIONS);
                OpenAiProvider responses = open(OpenAiPrefill.LAST_MESSAGE, OpenAiApi.RESPONSES)) {
            assertThat(chat.capabilities("gpt-5.6-terra")).doesNotContain(Capability.PREFILL);
            assertThat(responses.capabilities("some-model")).doesNotContain(Capability.PREFILL);
        }
    }

    @Test
    void anOptionOfTheConfigurationStatesIt() {
        ProviderSettings settings = new ProviderSettings(
                "vllm", Optional.empty(), Map.of("prefill", "continue-final-message", "key", "optional"));

        assertThat(new OpenAiProviderFactory()
                        .create(settings, name -> Optional.empty())
                        .capabilities("some-model"))
                .contains(Capability.PREFILL);
    }

    private static ProviderCall call(String model) {
        return new ProviderCall(
                model, ChatRequest.of("Describe a river."), CallLimits.within(Duration.ofSeconds(20)), PREFIX);
    }

    private OpenAiProvider open(OpenAiPrefill prefill, OpenAiApi api) {
        return OpenAiProvider.builder(name -> Optional.of("sk-test"))
                .api(api)
                .prefill(prefill)
                .replies(request -> {
                    sent.add(request);
                    return Reply.of(
                            200,
                            ReplyHeaders.none(),
                            "{\"choices\":[{\"message\":{\"content\":\" many\"},\"finish_reason\":\"stop\"}]}");
                })
                .build();
    }
}
