package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Simulated answers have every field, with the same type, that the recorded ones of the real services have. */
class RecordedShapeTest {

    private ProviderSimulator simulator;
    private SimulatorClient client;

    @BeforeEach
    void start() throws IOException {
        simulator = ProviderSimulator.start(SimulatorScript.standard().withEach(p -> p.withApiKey("sim-key")));
        client = new SimulatorClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void claudeAnswersLikeTheRecordings() throws Exception {
        matches("anthropic/text-basic", client.claude(false));
        matches("anthropic/text-stream", client.claude(true));
        matches("anthropic/error-401", client.post("claude", "/v1/messages", "{}", "x-api-key", "wrong"));
    }

    @Test
    void openAiAnswersLikeTheRecordings() throws Exception {
        matches("openai-chat/text-basic", client.openAi(false));
        matches("openai-chat/text-stream-usage", client.openAi(true));
        matches("openai-chat/error-401", client.post("openai", "/chat/completions", "{}", "authorization", "Bearer x"));
        matches(
                "openai-chat/error-404-model",
                client.post(
                        "openai",
                        "/chat/completions",
                        "{\"model\":\"nope\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                        "authorization",
                        "Bearer sim-key"));
    }

    @Test
    void openAiResponsesAnswerLikeTheRecordings() throws Exception {
        // The recorded model put a reasoning item first, and the real service echoes its whole configuration.
        List<String> echoed = List.of(
                ".output[]<reasoning>",
                "<response.output_item.added>.item<reasoning>",
                "<response.output_item.done>.item<reasoning>");
        HttpResponse<String> plain = client.responses(false);
        assertThat(JsonShape.of(List.of(SimulatorClient.json(plain))))
                .contains(
                        ".output[]<message>.content[]<output_text>.text:string",
                        ".usage.input_tokens_details.cached_tokens:number",
                        ".usage.output_tokens_details.reasoning_tokens:number",
                        ".status:string",
                        ".object:string");
        Set<String> recorded = JsonShape.without(JsonShape.ofRecording("openai-responses/text-stream"), echoed);
        recorded.removeIf(path -> path.contains(".response.") || path.contains("obfuscation"));
        assertThat(JsonShape.of(SimulatorClient.events(client.responses(true).body())))
                .containsAll(recorded);
    }

    @Test
    void geminiAnswersLikeTheRecordings() throws Exception {
        matches("gemini/text-basic", client.gemini(false));
        matches("gemini/text-stream", client.gemini(true));
        matches(
                "gemini/error-400-api-key",
                client.post(
                        "gemini", "/v1beta/models/gemini-2.5-flash:generateContent", "{}", "x-goog-api-key", "wrong"));
    }

    @Test
    void ollamaAnswersLikeTheRecordings() throws Exception {
        matches("ollama/chat", client.ollama(false));
        matches("ollama/chat-stream", client.ollama(true));
        matches(
                "ollama/error-404-model",
                client.post("ollama", "/api/chat", "{\"model\":\"nope\"}", "authorization", "Bearer sim-key"));
    }

    @Test
    void anythingLlmAnswersLikeTheRecordings() throws Exception {
        matches("anythingllm/chat-ok", client.anythingLlm(false));
        matches("anythingllm/stream-ok", client.anythingLlm(true));
        matches("anythingllm/auth-missing-key", client.get("anythingllm", "/v1/auth"));
        matches(
                "anythingllm/chat-unknown-workspace-400",
                client.post(
                        "anythingllm",
                        "/v1/workspace/nope/chat",
                        "{\"message\":\"x\"}",
                        "authorization",
                        "Bearer sim-key"));
    }

    @Test
    void perplexityAnswersLikeTheRecordings() throws Exception {
        matches("perplexity/text-basic", client.sonar(false));
        matches("perplexity/text-stream", client.sonar(true));
        matches("perplexity/error-401", client.post("perplexity", "/v1/agent", "{}", "authorization", "Bearer x"));
    }

    @Test
    void perplexityAgentAnswersLikeTheRecordedStream() throws Exception {
        Set<String> recorded = JsonShape.of(
                SimulatorClient.events(JsonShape.text("perplexity/chunk-fixtures/agent-web-search.chunks.txt")));
        // The response repeats the request in many fields, which are not part of the answer.
        recorded.removeIf(path -> path.contains(".response.")
                && List.of(
                                "frequency_penalty",
                                "presence_penalty",
                                "metadata",
                                "max_",
                                "text",
                                "tool",
                                "top_",
                                "truncation",
                                "store",
                                "temperature",
                                "parallel",
                                "prompt_cache",
                                "reasoning",
                                "safety",
                                "service_tier",
                                "user",
                                "instructions")
                        .stream()
                        .anyMatch(echo -> path.startsWith(echo, path.indexOf(".response.") + ".response.".length())));
        assertThat(JsonShape.of(SimulatorClient.events(client.perplexity(true).body())))
                .containsAll(recorded);
    }

    private static void matches(String recording, HttpResponse<String> response) {
        Set<String> simulated = JsonShape.of(SimulatorClient.events(JsonShape.oneLine(response.body())));
        assertThat(simulated)
                .as(recording)
                .containsAll(JsonShape.ofRecording(recording))
                .isNotEmpty();
        assertThat(response.headers().firstValue("x-simulator-request-id")).isPresent();
    }
}
