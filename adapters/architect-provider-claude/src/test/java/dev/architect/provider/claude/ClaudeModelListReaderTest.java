package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.call;
import static dev.architect.provider.claude.StubbedClaude.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.provider.http.message.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeModelListReaderTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void readsEveryPageOfTheModels() {
        try (StubbedClaude claude = StubbedClaude.answering("""
                {"data":[{"type":"model","id":"claude-opus-5","max_input_tokens":1000000,"max_tokens":128000,
                          "lifecycle":"active"},
                         {"type":"model","id":"claude-2","lifecycle":"retired"},{"type":"model"}],
                 "has_more":true,"first_id":"claude-opus-5","last_id":"claude/2"}""", """
                {"data":[{"id":"claude-haiku-4-5","max_input_tokens":null,"lifecycle":"deprecated"}],
                 "has_more":false,"last_id":"claude-haiku-4-5"}""")) {
            List<ModelInfo> models = claude.provider.models(TIMEOUT);

            assertThat(models)
                    .containsExactly(
                            new ModelInfo(
                                    "claude-opus-5", Optional.of(1_000_000L), Optional.of(128_000L), ModelState.HOSTED),
                            new ModelInfo("claude-haiku-4-5", Optional.empty(), Optional.empty(), ModelState.HOSTED));
            assertThat(claude.sent)
                    .extracting(HttpRequest::path)
                    .containsExactly("/v1/models?limit=1000", "/v1/models?limit=1000&after_id=claude%2F2");
        }
    }

    @Test
    void countsWhatTheCallWouldRead() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .system("Be brief.")
                .maxOutputTokens(5_000)
                .temperature(1.0)
                .stopSequences(List.of("END"))
                .option("claude.service_tier", "auto")
                .effort(ReasoningEffort.LOW)
                .tools(new Tool("clock", "Tells the time.", "{\"type\":\"object\"}"))
                .build();
        try (StubbedClaude claude = StubbedClaude.answering("{\"input_tokens\":14}")) {
            assertThat(claude.provider.countTokens(call(OLDER, request))).isEqualTo(14);

            assertThat(claude.sent.get(0).path()).isEqualTo("/v1/messages/count_tokens");
            assertThat(json(String.valueOf(claude.sent.get(0).body().orElseThrow())))
                    .isEqualTo(json("""
                    {"model":"claude-haiku-4-5","system":"Be brief.",
                     "messages":[{"role":"user","content":"Hello?"}],
                     "tools":[{"name":"clock","description":"Tells the time.","input_schema":{"type":"object","properties":{}}}],
                     "thinking":{"type":"enabled","budget_tokens":1024}}"""));
        }
    }

    @Test
    void theProbeRequestsOneModel() {
        try (StubbedClaude claude = StubbedClaude.answering("{\"data\":[]}", "{\"ok\":true}")) {
            assertThat(claude.provider.probe().usable()).isTrue();
            assertThat(claude.provider.probe().usable()).isFalse();
            assertThat(claude.sent.get(0)).hasToString("GET /v1/models?limit=1");
        }
    }
}
