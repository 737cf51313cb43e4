package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Each provider answers invalid requests with its own error responses. */
class ErrorResponseTest extends SimulatorCases {

    static final List<String> PROVIDERS = SimulatorScript.PROVIDERS;
    private static final String[] CLAUDE = {"anthropic-version", "2023-06-01"};
    private static final String ONE_MESSAGE = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    @ParameterizedTest
    @CsvSource({
        "claude, 401, authentication_error",
        "openai, 401, invalid_api_key",
        "gemini, 400, API_KEY_INVALID",
        "ollama, 401, Unauthorized",
        "anythingllm, 403, No valid api key found.",
        "perplexity, 401, invalid_api_key"
    })
    void rejectsAWrongKey(String provider, int status, String word) throws Exception {
        simulator.update(script -> script.with(provider, p -> p.withApiKey("another-key")));

        HttpResponse<String> response = client.call(provider, false);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(word).doesNotContain("another-key");
        assertThat(simulator.log()).singleElement().satisfies(call -> {
            assertThat(call.action()).isEqualTo(CallAction.BAD_KEY);
            assertThat(call.status()).isEqualTo(status);
            assertThat(call.billedPicoUsd()).isZero();
        });
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void acceptsTheExpectedKey(String provider) throws Exception {
        simulator.update(script -> script.with(provider, p -> p.withApiKey("sim-key")));
        assertThat(client.call(provider, false).statusCode()).isEqualTo(200);
    }

    @Test
    void rejectsAMissingKey() throws Exception {
        simulator.update(script -> script.withEach(p -> p.withApiKey("sim-key")));
        assertThat(client.get("claude", "/v1/models").statusCode()).isEqualTo(401);
        assertThat(client.get("openai", "/models").statusCode()).isEqualTo(401);
        assertThat(client.get("gemini", "/v1beta/models").statusCode()).isEqualTo(403);
        assertThat(client.get("anythingllm", "/v1/auth").statusCode()).isEqualTo(403);
        assertThat(client.get("anythingllm", "/ping").statusCode())
                .as("needs no key")
                .isEqualTo(200);
        assertThat(client.get("perplexity", "/v1/models").statusCode())
                .as("needs no key")
                .isEqualTo(200);
    }

    @Test
    void rejectsUnknownModels() throws Exception {
        refused(
                404,
                CallAction.UNKNOWN_MODEL,
                "/error/message",
                "model: nope",
                client.post(
                        "claude", "/v1/messages", "{\"model\":\"nope\",\"max_tokens\":9," + ONE_MESSAGE + "}", CLAUDE));
        refused(
                404,
                CallAction.UNKNOWN_MODEL,
                "/error/code",
                "model_not_found",
                client.post("openai", "/chat/completions", "{\"model\":\"nope\"," + ONE_MESSAGE + "}"));
        refused(
                400,
                CallAction.UNKNOWN_MODEL,
                "/error/code",
                "model_not_found",
                client.post("openai", "/responses", "{\"model\":\"nope\",\"input\":\"x\"}"));
        refused(
                404,
                CallAction.UNKNOWN_MODEL,
                "/error/status",
                "NOT_FOUND",
                client.post("gemini", "/v1beta/models/nope:generateContent", "{\"contents\":[{}]}"));
        refused(
                404,
                CallAction.UNKNOWN_MODEL,
                "/error",
                "model 'nope' not found",
                client.post("ollama", "/api/chat", "{\"model\":\"nope\"," + ONE_MESSAGE + "}"));
        refused(
                400,
                CallAction.UNKNOWN_MODEL,
                "/error",
                "Workspace nope is not a valid workspace.",
                client.post("anythingllm", "/v1/workspace/nope/chat", "{\"message\":\"x\"}"));
        refused(
                400,
                CallAction.UNKNOWN_MODEL,
                "/error/type",
                "invalid_model",
                client.post("perplexity", "/v1/agent", "{\"model\":\"sonar-pro\",\"input\":\"x\"}"));
        refused(
                400,
                CallAction.UNKNOWN_MODEL,
                "/error/type",
                "invalid_model",
                client.post("perplexity", "/chat/completions", "{\"model\":\"perplexity/sonar\"," + ONE_MESSAGE + "}"));
    }

    @Test
    void rejectsMissingFields() throws Exception {
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/message",
                "anthropic-version: header is required",
                client.post("claude", "/v1/messages", "{}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/message",
                "max_tokens: Field required",
                client.post("claude", "/v1/messages", "{\"model\":\"claude-haiku-4-5\"," + ONE_MESSAGE + "}", CLAUDE));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/message",
                "messages.0: Input does not match the expected shape.",
                client.post(
                        "claude",
                        "/v1/messages",
                        "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":15,\"messages\":[\"Invalid content\"]}",
                        CLAUDE));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/param",
                "messages",
                client.post("openai", "/chat/completions", "{\"model\":\"gpt-4o-mini\"}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/message",
                "you must provide a model parameter",
                client.post("openai", "/chat/completions", "{" + ONE_MESSAGE + "}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/status",
                "INVALID_ARGUMENT",
                client.post("gemini", "/v1beta/models/gemini-2.5-flash:generateContent", "{}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error",
                "model is required",
                client.post("ollama", "/api/chat", "{" + ONE_MESSAGE + "}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error",
                "Message is empty",
                client.post("anythingllm", "/v1/workspace/docs/chat", "{}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error",
                "x is not a valid mode.",
                client.post("anythingllm", "/v1/workspace/docs/chat", "{\"message\":\"x\",\"mode\":\"x\"}"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/param",
                "input",
                client.post("perplexity", "/v1/agent", "{\"model\":\"perplexity/sonar\"}"));
    }

    @Test
    void rejectsUnknownFieldsWherePerplexityDoes() throws Exception {
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/param",
                "max_tokens",
                client.post(
                        "perplexity",
                        "/v1/agent",
                        "{\"model\":\"perplexity/sonar\",\"input\":\"x\",\"max_tokens\":9}"));
    }

    @Test
    void rejectsParametersThatNewModelsDoNotSupport() throws Exception {
        String body = "{\"model\":\"%s\",\"max_tokens\":9,\"temperature\":0.5," + ONE_MESSAGE + "}";
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/type",
                "invalid_request_error",
                client.post("claude", "/v1/messages", body.formatted("claude-opus-5-5"), CLAUDE));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/type",
                "invalid_request_error",
                client.post(
                        "claude",
                        "/v1/messages",
                        body.formatted("claude-haiku-4-5"),
                        "anthropic-version",
                        "2026-10-21"));
        refused(
                400,
                CallAction.BAD_REQUEST,
                "/error/code",
                "unsupported_parameter",
                client.post("openai", "/chat/completions", body.formatted("gpt-5.4")));
        assertThat(client.post("claude", "/v1/messages", body.formatted("claude-haiku-4-5"), CLAUDE)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "claude, claude-sonnet-4-6, prompt is too long",
        "openai, gpt-4o-mini, context_length_exceeded",
        "gemini, gemini-2.5-flash, exceeds the maximum number of tokens",
        "perplexity, perplexity/sonar, too_many_prompt_tokens"
    })
    void rejectsAPromptOverTheContextWindow(String provider, String model, String word) throws Exception {
        simulator.update(script -> script.with(
                provider, p -> p.withModel(model, p.models().get(model).withContextTokens(5))));

        HttpResponse<String> response = client.call(provider, true);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains(word);
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void rejectsInvalidJson(String provider) throws Exception {
        String path = switch (provider) {
            case "claude" -> "/v1/messages";
            case "openai" -> "/chat/completions";
            case "gemini" -> "/v1beta/models/gemini-2.5-flash:generateContent";
            case "ollama" -> "/api/chat";
            case "anythingllm" -> "/v1/workspace/docs/chat";
            default -> "/v1/agent";
        };
        for (String body : List.of("", "{", "[]", "{\"a\":1}x")) {
            HttpResponse<String> response = client.post(provider, path, body, CLAUDE);
            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(SimulatorClient.json(response).has("error")).isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void rejectsUnknownPaths(String provider) throws Exception {
        HttpResponse<String> response = client.get(provider, "/nothing/here");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(SimulatorClient.json(response).has("error")).isTrue();
        assertThat(simulator.log()).extracting(SimulatedCall::action).containsExactly(CallAction.NOT_FOUND);
    }

    private void refused(int status, CallAction action, String pointer, String value, HttpResponse<String> response) {
        JsonNode body = SimulatorClient.json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(body.at(pointer).asText()).as(response.body()).isEqualTo(value);
        List<SimulatedCall> log = simulator.log();
        assertThat(log.get(log.size() - 1).action()).isEqualTo(action);
    }
}
