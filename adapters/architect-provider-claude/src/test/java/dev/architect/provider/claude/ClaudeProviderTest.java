package dev.architect.provider.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.replay.ReplyServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaudeProviderTest {

    private static final SecretSource NONE = name -> Optional.empty();

    @Test
    void sendsKeyAndVersionAndWaitsForNothingAfterSuccess() throws Exception {
        try (ReplyServer server = ReplyServer.start(
                        connection -> connection.reply(200, Map.of("retry-after", "60"), StubbedClaude.ANSWER));
                ClaudeProvider provider = ClaudeProvider.builder(
                                name -> name.equals("ANTHROPIC_API_KEY") ? Optional.of("sk-test") : Optional.empty())
                        .baseUrl(server.url())
                        .maxOutputTokens(77)
                        .build()) {
            assertThat(provider.chat(StubbedClaude.call("claude-opus-5", ChatRequest.of("Hello?")))
                            .text())
                    .isEqualTo("Hello.");

            assertThat(server.requests().get(0))
                    .startsWith("POST /v1/messages HTTP/1.1")
                    .contains("x-api-key: sk-test", "anthropic-version: 2023-06-01", "\"max_tokens\":77");
        }
    }

    @Test
    void onlyOlderModelsTakeATemperature() {
        for (String model : List.of(
                "claude-opus-4-6",
                "claude-sonnet-4-6",
                "claude-haiku-4-5-20251001",
                "claude-sonnet-4-20250514",
                "claude-opus-4-1",
                "claude-3-5-haiku-20241022",
                "claude-3-opus-latest")) {
            assertThat(capabilities(model)).as(model).contains(Capability.TEMPERATURE);
        }
        for (String model : List.of(
                "claude-opus-4-7",
                "claude-opus-5",
                "claude-sonnet-5-5",
                "claude-haiku-5-5",
                "claude-fable-5-2",
                "claude-mythos-5",
                "something-else")) {
            assertThat(capabilities(model))
                    .as(model)
                    .doesNotContain(Capability.TEMPERATURE)
                    .contains(Capability.STREAMING, Capability.SYSTEM_TEXT, Capability.STOP_SEQUENCES);
        }
    }

    @Test
    void everyModelHasTheCapabilitiesThatItServes() {
        assertThat(capabilities("claude-3-5-haiku-20241022"))
                .contains(Capability.TOOLS, Capability.IMAGES, Capability.CACHE_BREAKPOINTS, Capability.TOKEN_COUNT)
                .doesNotContain(Capability.REASONING_EFFORT, Capability.JSON_SCHEMA, Capability.EMBEDDINGS);
        assertThat(capabilities("claude-sonnet-4-20250514"))
                .contains(Capability.REASONING_EFFORT)
                .doesNotContain(Capability.JSON_SCHEMA);
        for (String model : List.of("claude-opus-4-1", "claude-haiku-4-5", "claude-fable-5-2")) {
            assertThat(capabilities(model))
                    .as(model)
                    .contains(Capability.REASONING_EFFORT, Capability.JSON_SCHEMA, Capability.SINGLE_TOOL_CALL);
        }
    }

    @Test
    void modelsUpToFourPointFiveContinueAnAnswer() {
        for (String model : List.of(
                "claude-3-5-haiku-20241022", "claude-opus-4-1", "claude-sonnet-4-5", "claude-haiku-4-5-20251001")) {
            assertThat(capabilities(model)).as(model).contains(Capability.PREFILL);
        }
        for (String model : List.of(
                "claude-opus-4-6",
                "claude-sonnet-4-6",
                "claude-opus-4-8",
                "claude-sonnet-5",
                "claude-fable-5-2",
                "fb-ok")) {
            assertThat(capabilities(model)).as(model).doesNotContain(Capability.PREFILL);
        }
    }

    @Test
    void theNewerVersionTakesNoTemperatureAtAll() {
        try (ClaudeProvider provider =
                ClaudeProvider.builder(NONE).apiVersion("2026-10-21").build()) {
            assertThat(provider.capabilities("claude-opus-4-6")).doesNotContain(Capability.TEMPERATURE);
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ClaudeProvider.builder(NONE).apiVersion("latest").build())
                .withMessage("apiVersion is 'latest', expected a date such as 2023-06-01");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaudeProvider.builder(NONE).maxOutputTokens(0))
                .withMessage("maxOutputTokens is 0, expected 1 or more");
    }

    private static Set<Capability> capabilities(String model) {
        try (ClaudeProvider provider = ClaudeProvider.builder(NONE).build()) {
            return provider.capabilities(model);
        }
    }
}
