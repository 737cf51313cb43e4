package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.http.RawHttpServerTest;
import dev.architect.simulator.script.SimulatorScript;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ControlEndpointTest extends SimulatorCases {

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.controlUrl() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsTotals() throws Exception {
        client.claude(false);
        JsonNode state = SimulatorClient.json(send("GET", "", ""));
        assertThat(state.at("/providers/claude/answered").longValue()).isEqualTo(1);
        assertThat(state.at("/total/billedPicoUsd").bigIntegerValue())
                .isEqualTo(simulator.billed())
                .isPositive();
        assertThat(state.at("/providers/openai/outage").isNull()).isTrue();
    }

    @Test
    void takesAProviderDownAndUpAgain() throws Exception {
        send("POST", "", "{\"providers\":{\"claude\":{\"outage\":\"http503\"}}}");
        assertThat(client.claude(false).statusCode()).isEqualTo(503);
        assertThat(client.openAi(false).statusCode()).isEqualTo(200);
        JsonNode state = SimulatorClient.json(send("POST", "", "{\"providers\":{\"claude\":{\"outage\":null}}}"));
        assertThat(state.at("/providers/claude/outage").isNull()).isTrue();
        assertThat(client.claude(false).statusCode()).isEqualTo(200);
    }

    @Test
    void changesOnlyWhatIsNamed() throws Exception {
        SimulatorScript before = simulator.script();
        send(
                "POST",
                "",
                "{\"providers\":{\"openai\":{\"errors\":[{\"status\":429,\"share\":1,\"retryAfterSeconds\":2}]}}}");
        assertThat(client.openAi(false).headers().firstValue("retry-after")).contains("2");
        send("POST", "", "{\"providers\":{\"openai\":{\"errors\":[]}}}");
        assertThat(simulator.script()).isEqualTo(before);
    }

    @Test
    void rejectsAnInvalidChangeAsAWhole() throws Exception {
        SimulatorScript before = simulator.script();
        HttpResponse<String> response =
                send("POST", "", "{\"seed\":5,\"providers\":{\"openai\":{\"cacheHitShare\":7}}}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(SimulatorClient.json(response).path("error").asText())
                .isEqualTo("providers.openai.cacheHitShare is 7.0, expected 0 to 1");
        assertThat(simulator.script()).isEqualTo(before);
        assertThat(send("POST", "", "{\"answers\":\"/etc/passwd\"}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void listsAndClearsTheLog() throws Exception {
        client.claude(true);
        client.gemini(false);
        JsonNode log = SimulatorClient.json(send("GET", "/log?last=1", ""));
        assertThat(log).hasSize(1);
        assertThat(log.get(0).path("provider").asText()).isEqualTo("gemini");
        assertThat(log.get(0).path("action").asText()).isEqualTo("ok");
        send("DELETE", "/log", "");
        assertThat(simulator.log()).isEmpty();
        assertThat(send("GET", "/log?last=many", "").statusCode()).isEqualTo(400);
    }

    @Test
    void doesNotShowTheKey() throws Exception {
        simulator.update(script -> script.withEach(p -> p.withApiKey("sk-secret")));
        assertThat(send("GET", "", "").body())
                .contains("\"keyRequired\" : true")
                .doesNotContain("sk-secret");
    }

    @Test
    void rejectsWebPages() throws Exception {
        assertThat(send("GET", "", "", "origin", "https://example.com").statusCode())
                .isEqualTo(403);
        assertThat(RawHttpServerTest.exchange(simulator.port(), "GET /control HTTP/1.1\r\nhost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(send("GET", "/nothing", "").statusCode()).isEqualTo(404);
        assertThat(simulator.log()).as("control calls are not provider calls").isEmpty();
    }
}
