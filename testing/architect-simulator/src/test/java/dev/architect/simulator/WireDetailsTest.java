package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The details that a client can trip over: line ends, terminal events, limits, ids and headers. */
class WireDetailsTest extends SimulatorCases {

    static final List<String> PROVIDERS = SimulatorScript.PROVIDERS;

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void streamsTheSameTextAsTheWholeAnswer(String provider) throws Exception {
        String plain = text(provider, client.call(provider, false), false);
        String streamed = text(provider, client.call(provider, true), true);
        assertThat(streamed).isEqualTo(plain).isNotBlank();
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void answersTheSamePromptInTheSameWay(String provider) throws Exception {
        String first = text(provider, client.call(provider, false), false);
        assertThat(text(provider, client.call(provider, false), false)).isEqualTo(first);
        simulator.update(script -> script.withSeed(99));
        assertThat(text(provider, client.call(provider, false), false)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void sendsTheIdThatIsInTheLog(String provider) throws Exception {
        HttpResponse<String> response = client.call(provider, false);
        String id = simulator.log().get(0).requestId();
        assertThat(response.headers().firstValue("x-simulator-request-id")).contains(id);
        String header = switch (provider) {
            case "claude" -> "request-id";
            case "openai", "perplexity" -> "x-request-id";
            default -> "x-simulator-request-id";
        };
        assertThat(response.headers().firstValue(header)).contains(id);
    }

    @Test
    void endsEachStreamAsItsProviderDoes() throws Exception {
        assertThat(client.claude(true).body()).endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        assertThat(client.openAi(true).body()).endsWith("data: [DONE]\n\n");
        assertThat(client.gemini(true).body()).endsWith("}\r\n\r\n").doesNotContain("[DONE]");
        assertThat(client.ollama(true).body()).endsWith("}\n").contains("\"done\":true");
        assertThat(client.anythingLlm(true).body())
                .contains("finalizeResponseStream")
                .doesNotContain("[DONE]");
        assertThat(client.perplexity(true).body())
                .contains("response.completed")
                .doesNotContain("[DONE]", "event:");
        assertThat(client.sonar(true).body()).endsWith("\r\n\r\n").contains("chat.completion.done");
    }

    @Test
    void padsTheDataLinesOfClaude() throws Exception {
        assertThat(client.claude(true).body()).containsPattern("} +\n\n").contains("event: ping\n");
    }

    @Test
    void streamsOllamaByDefault() throws Exception {
        assertThat(client.ollama(true).headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(client.ollama(false).body().lines()).hasSize(1);
    }

    @Test
    void streamsOpenAiUsageOnlyOnRequest() throws Exception {
        HttpResponse<String> response = client.post("openai", "/chat/completions", """
                {"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"x"}]}""");
        assertThat(response.body()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void streamsGeminiAsOneArrayWithoutAlt() throws Exception {
        HttpResponse<String> response = client.post(
                "gemini",
                "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}");
        JsonNode all = SimulatorClient.json(response);
        assertThat(all.isArray()).isTrue();
        assertThat(all.get(all.size() - 1).at("/candidates/0/finishReason").asText())
                .isEqualTo("STOP");
    }

    @Test
    void reportsCumulativeUsageInEveryEventOfGemini() throws Exception {
        List<Long> counts = SimulatorClient.events(client.gemini(true).body()).stream()
                .map(event -> event.at("/usageMetadata/candidatesTokenCount").longValue())
                .toList();
        assertThat(counts).hasSizeGreaterThan(2).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void stopsAtTheTokenLimit() throws Exception {
        assertLimited(
                client.post(
                        "claude",
                        "/v1/messages",
                        "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                        "anthropic-version",
                        "2023-06-01"),
                "/stop_reason",
                "max_tokens");
        assertLimited(
                client.post(
                        "openai",
                        "/chat/completions",
                        "{\"model\":\"gpt-4o-mini\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
                "/choices/0/finish_reason",
                "length");
        // The least that the Responses API takes.
        assertLimited(
                16,
                client.post(
                        "openai", "/responses", "{\"model\":\"gpt-4o-mini\",\"max_output_tokens\":16,\"input\":\"x\"}"),
                "/incomplete_details/reason",
                "max_output_tokens");
        assertLimited(
                client.post(
                        "gemini",
                        "/v1beta/models/gemini-2.5-flash-lite:generateContent",
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"maxOutputTokens\":5}}"),
                "/candidates/0/finishReason",
                "MAX_TOKENS");
        assertLimited(
                client.post(
                        "ollama",
                        "/api/chat",
                        "{\"model\":\"llama3.2:latest\",\"stream\":false,\"options\":{\"num_predict\":5},"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
                "/done_reason",
                "length");
        assertLimited(
                client.post(
                        "perplexity",
                        "/chat/completions",
                        "{\"model\":\"sonar\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
                "/choices/0/finish_reason",
                "length");
    }

    private void assertLimited(HttpResponse<String> response, String pointer, String reason) {
        assertLimited(5, response, pointer, reason);
    }

    private void assertLimited(long tokens, HttpResponse<String> response, String pointer, String reason) {
        assertThat(SimulatorClient.json(response).at(pointer).asText())
                .as(response.body())
                .isEqualTo(reason);
        List<SimulatedCall> log = simulator.log();
        assertThat(log.get(log.size() - 1).outputTokens()).isEqualTo(tokens);
    }

    @Test
    void spendsATightLimitOfGeminiOnReasoning() throws Exception {
        HttpResponse<String> response = client.post(
                "gemini",
                "/v1beta/models/gemini-2.5-flash:generateContent",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"maxOutputTokens\":2}}");
        JsonNode body = SimulatorClient.json(response);
        assertThat(body.at("/candidates/0/finishReason").asText()).isEqualTo("MAX_TOKENS");
        assertThat(body.at("/candidates/0/content/parts").isMissingNode()).isTrue();
        assertThat(body.at("/usageMetadata/thoughtsTokenCount").longValue()).isEqualTo(2);
    }

    @Test
    void countsTokensAsItBillsThem() throws Exception {
        client.claude(false);
        client.gemini(false);
        long claude = SimulatorClient.json(client.post(
                        "claude",
                        "/v1/messages/count_tokens",
                        "{\"model\":\"claude-haiku-4-5\",\"messages\":[{\"role\":\"user\",\"content\":\""
                                + SimulatorClient.PROMPT + "\"}]}",
                        "anthropic-version",
                        "2023-06-01"))
                .path("input_tokens")
                .longValue();
        long gemini = SimulatorClient.json(client.post(
                        "gemini",
                        "/v1beta/models/gemini-2.5-flash:countTokens",
                        "{\"contents\":[{\"parts\":[{\"text\":\"" + SimulatorClient.PROMPT + "\"}]}]}"))
                .path("totalTokens")
                .longValue();
        // 25 characters make 7 tokens, and a message costs 4.
        assertThat(SimulatorClient.PROMPT).hasSize(25);
        assertThat(claude).isEqualTo(11).isEqualTo(simulator.log().get(0).promptTokens());
        assertThat(gemini).isEqualTo(11).isEqualTo(simulator.log().get(1).promptTokens());
    }

    @Test
    void countsSystemTextsAndEveryMessage() throws Exception {
        client.post("claude", "/v1/messages", """
                {"model":"claude-haiku-4-5","max_tokens":9,"system":[{"type":"text","text":"12345678"}],"messages":[
                 {"role":"user","content":"1234"},
                 {"role":"assistant","content":[{"type":"text","text":"12"},{"type":"text","text":"34"},
                  {"type":"tool_use","id":"t","name":"f","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"12345"}]}]}""", "anthropic-version", "2023-06-01");
        assertThat(simulator.log().get(0).promptTokens()).isEqualTo((2 + 4) + (1 + 4) + (1 + 1 + 4) + (2 + 4));
    }

    @Test
    void listsModelsAndAnswersProbes() throws Exception {
        assertThat(SimulatorClient.json(client.get("claude", "/v1/models?limit=1"))
                        .at("/data/0/id")
                        .asText())
                .isEqualTo("claude-haiku-4-5");
        assertThat(client.get("openai", "/models").body()).contains("gpt-5.4");
        assertThat(client.get("gemini", "/v1beta/models?pageSize=1").body()).contains("models/gemini-2.5-flash");
        assertThat(client.get("ollama", "/api/tags").body()).contains("llama3.2:latest", "qwen3:8b");
        assertThat(SimulatorClient.json(client.get("ollama", "/api/version")).has("version"))
                .isTrue();
        assertThat(client.get("anythingllm", "/ping").body()).isEqualTo("{\"online\":true}");
        assertThat(client.get("anythingllm", "/v1/auth").body()).isEqualTo("{\"authenticated\":true}");
        assertThat(client.get("anythingllm", "/v1/workspaces").body()).contains("\"slug\":\"docs\"");
        assertThat(client.get("perplexity", "/v1/models").body())
                .contains("perplexity/sonar")
                .doesNotContain("sonar-pro");
        assertThat(simulator.log()).noneMatch(SimulatedCall::isModelCall).allMatch(SimulatedCall::isAnswered);
    }

    @Test
    void answersOnTheAliasOfTheAgentApi() throws Exception {
        HttpResponse<String> response =
                client.post("perplexity", "/v1/responses", "{\"preset\":\"fast\",\"input\":\"x\"}");
        assertThat(SimulatorClient.json(response).path("model").asText()).isEqualTo("perplexity/sonar");
        assertThat(simulator.log().get(0).searches()).isEqualTo(1);
    }

    @Test
    void keepsPromptsOutOfTheLog() throws Exception {
        client.claude(false);
        client.post("gemini", "/v1beta/models/gemini-2.5-flash:generateContent?key=secret", "{\"contents\":[{}]}");
        assertThat(simulator.log().toString()).doesNotContain("queue", "secret");
    }

    static String text(String provider, HttpResponse<String> response, boolean stream) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : SimulatorClient.events(JsonShape.oneLine(response.body()))) {
            text.append(
                    switch (provider) {
                        case "claude" ->
                            stream
                                    ? event.at("/delta/text").asText()
                                    : event.at("/content/0/text").asText();
                        case "openai" ->
                            event.at(stream ? "/choices/0/delta/content" : "/choices/0/message/content")
                                    .asText();
                        case "gemini" ->
                            event.at("/candidates/0/content/parts/0/text").asText();
                        case "ollama" -> event.at("/message/content").asText();
                        case "anythingllm" -> event.path("textResponse").asText();
                        default ->
                            stream
                                    ? event.path("delta").asText()
                                    : event.at("/output/1/content/0/text").asText();
                    });
        }
        return text.toString();
    }
}
