package dev.architect.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.json.SimulatorJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A plain HTTP client for the simulator, with one well-formed request per provider. */
final class SimulatorClient {

    static final String PROMPT = "What keeps a queue short?";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ProviderSimulator simulator;

    SimulatorClient(ProviderSimulator simulator) {
        this.simulator = simulator;
    }

    HttpResponse<String> post(String provider, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(provider, path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String provider, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(provider, path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpClient http() {
        return http;
    }

    URI url(String provider, String path) {
        return URI.create(simulator.baseUrl(provider) + path);
    }

    HttpResponse<String> claude(boolean stream) throws IOException, InterruptedException {
        return claude("claude-sonnet-4-6", PROMPT, stream);
    }

    HttpResponse<String> claude(String model, String prompt, boolean stream) throws IOException, InterruptedException {
        String body = """
                {"model":"%s","max_tokens":4000,"stream":%s,"messages":[{"role":"user","content":"%s"}]}""".formatted(model, stream, prompt);
        return post("claude", "/v1/messages", body, "anthropic-version", "2023-06-01", "x-api-key", "sim-key");
    }

    HttpResponse<String> openAi(boolean stream) throws IOException, InterruptedException {
        String body = """
                {"model":"gpt-4o-mini","stream":%s,%s"messages":[{"role":"user","content":"%s"}]}""".formatted(stream, stream ? "\"stream_options\":{\"include_usage\":true}," : "", PROMPT);
        return post("openai", "/chat/completions", body, "authorization", "Bearer sim-key");
    }

    HttpResponse<String> responses(boolean stream) throws IOException, InterruptedException {
        String body = """
                {"model":"gpt-5-nano","stream":%s,"input":[{"role":"user","content":"%s"}]}""".formatted(stream, PROMPT);
        return post("openai", "/responses", body, "authorization", "Bearer sim-key");
    }

    HttpResponse<String> gemini(boolean stream) throws IOException, InterruptedException {
        String body = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + PROMPT + "\"}]}]}";
        String method = stream ? "streamGenerateContent?alt=sse" : "generateContent";
        return post("gemini", "/v1beta/models/gemini-2.5-flash:" + method, body, "x-goog-api-key", "sim-key");
    }

    HttpResponse<String> ollama(boolean stream) throws IOException, InterruptedException {
        String body = """
                {"model":"llama3.2",%s"messages":[{"role":"user","content":"%s"}]}""".formatted(stream ? "" : "\"stream\":false,", PROMPT);
        return post("ollama", "/api/chat", body, "authorization", "Bearer sim-key");
    }

    HttpResponse<String> anythingLlm(boolean stream) throws IOException, InterruptedException {
        String body = "{\"message\":\"" + PROMPT + "\",\"mode\":\"chat\"}";
        String path = "/v1/workspace/docs/" + (stream ? "stream-chat" : "chat");
        return post("anythingllm", path, body, "authorization", "Bearer sim-key");
    }

    HttpResponse<String> perplexity(boolean stream) throws IOException, InterruptedException {
        String body = """
                {"model":"perplexity/sonar","stream":%s,"tools":[{"type":"web_search"}],"input":"%s"}""".formatted(stream, PROMPT);
        return post("perplexity", "/v1/agent", body, "authorization", "Bearer sim-key");
    }

    HttpResponse<String> sonar(boolean stream) throws IOException, InterruptedException {
        String body = """
                {"model":"sonar","stream":%s,"messages":[{"role":"user","content":"%s"}]}""".formatted(stream, PROMPT);
        return post("perplexity", "/chat/completions", body, "authorization", "Bearer sim-key");
    }

    /** The well-formed request of a provider. */
    HttpResponse<String> call(String provider, boolean stream) throws IOException, InterruptedException {
        return switch (provider) {
            case "claude" -> claude(stream);
            case "openai" -> openAi(stream);
            case "gemini" -> gemini(stream);
            case "ollama" -> ollama(stream);
            case "anythingllm" -> anythingLlm(stream);
            case "perplexity" -> perplexity(stream);
            default -> throw new IllegalArgumentException("provider is " + provider);
        };
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return SimulatorJson.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** The JSON of all events of a stream, or of all lines of an NDJSON body. */
    static List<JsonNode> events(String body) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : body.split("\r?\n")) {
            String data = line.startsWith("data: ") ? line.substring(6) : line;
            if (data.startsWith("{")) {
                events.add(json(data));
            }
        }
        return events;
    }
}
