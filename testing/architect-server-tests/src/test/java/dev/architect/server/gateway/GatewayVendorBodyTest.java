package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.architect.Architect;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no route could follow goes as it is to a provider of the client's own vendor: its body, and what comes back. */
final class GatewayVendorBodyTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String WHOLE = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[\
            {"index":0,"message":{"role":"assistant","content":"one","refusal":null},"logprobs":{"content":[{"token":"one",\
            "logprob":-0.25,"bytes":null,"top_logprobs":[]}]},"finish_reason":"stop"},\
            {"index":1,"message":{"role":"assistant","content":"two","refusal":null},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1000,"completion_tokens":2000,"total_tokens":3000},"new_field":[1.50]}""";
    private static final String STREAM = """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null,"x":1}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"hello"},"logprobs":{"content":[]},"finish_reason":null}],"usage":null}

            """;
    private static final String STREAM_END = """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}

            data: [DONE]

            """;

    private static final String RESPONSE = """
            {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"gpt-4o-mini-2024-07-18","output":[\
            {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello.",\
            "annotations":[],"logprobs":[]}]}],"top_p":0.5,"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":11},"new_field":[1.50]}""";

    private record Seen(String path, String key, JsonNode body, String beta) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile int status = 200;
    private volatile String reply = WHOLE;
    private volatile boolean cut;
    private HttpServer vendor;
    private Architect architect;
    private ArchitectServer server;

    @BeforeEach
    void open() throws IOException {
        open(Map.of());
    }

    private void open(Map<String, String> openAi) throws IOException {
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vendor.createContext("/", this::answer);
        vendor.start();
        URI base = URI.create("http://127.0.0.1:" + vendor.getAddress().getPort());
        Set<String> names = Set.of("openai", "claude");
        ArchitectSetup.Builder setup = ArchitectSetup.builder(RuntimeConfiguration.empty()
                        .withProviders(names.stream()
                                .map(name -> new ProviderConfiguration(
                                        name,
                                        name,
                                        Optional.empty(),
                                        Optional.empty(),
                                        name.equals("openai") ? openAi : Map.of()))
                                .toList()))
                .factories(ServiceLoader.load(ModelProviderFactory.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(factory -> names.contains(factory.name()))
                        .toList())
                .secrets(name -> Optional.of("vendor-key"))
                .settings(name -> Optional.empty());
        names.forEach(name -> setup.baseUrl(name, base));
        architect = setup.build().wire(new InMemoryStore(TimeSource.system())).build();
        architect
                .access()
                .orElseThrow()
                .addFirst(User.create(
                        "ada",
                        Set.of(UserRole.ADMIN),
                        "$none",
                        TimeSource.system().wallTime()));
        server = ArchitectServer.builder(architect, AccessToken.of(SECRET))
                .port(0)
                .start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("POST")) {
            String key = String.valueOf(exchange.getRequestHeaders().getFirst("authorization"))
                    + exchange.getRequestHeaders().getFirst("x-api-key");
            String beta = exchange.getRequestHeaders().getFirst("anthropic-beta") + " "
                    + exchange.getRequestHeaders().getFirst("openai-beta") + " "
                    + exchange.getRequestHeaders().getFirst("openai-organization");
            seen.add(new Seen(exchange.getRequestURI().getPath(), key, GatewayFixture.json(body), beta));
        }
        boolean isStream = reply.startsWith("data:") || reply.startsWith("event:");
        exchange.getResponseHeaders().add("Content-Type", isStream ? "text/event-stream" : "application/json");
        byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
        // A stated length that does not come is a connection that breaks.
        exchange.sendResponseHeaders(status, bytes.length + (cut ? 1_000 : 0));
        OutputStream out = exchange.getResponseBody();
        out.write(bytes);
        out.flush();
        exchange.close();
    }

    @AfterEach
    void close() {
        server.close();
        architect.close();
        vendor.stop(0);
    }

    private HttpResponse<String> post(String path, String json, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + SECRET)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private LedgerEntry booked() {
        List<LedgerEntry> entries = architect.ledger().newest(10);
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    private static String chat(String model, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]," + more + "}";
    }

    @Test
    void aWholeAnswerComesAsTheVendorSentItAndItsCostIsBooked() throws Exception {
        HttpResponse<String> answer = post(
                "/v1/chat/completions",
                chat("openai/gpt-4o-mini", "\"n\":2,\"logprobs\":true,\"top_p\":0.5,\"vendor_field\":{\"a\":[1,2]}"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(answer)).isEqualTo(GatewayFixture.json(WHOLE));
        assertThat(GatewayFixture.header(answer, "architect-provider")).isEqualTo("openai");
        assertThat(GatewayFixture.header(answer, "architect-cost-usd")).isNotEmpty();
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).path()).isEqualTo("/chat/completions");
        assertThat(seen.get(0).body())
                .isEqualTo(GatewayFixture.json(
                        chat("gpt-4o-mini", "\"n\":2,\"logprobs\":true,\"top_p\":0.5,\"vendor_field\":{\"a\":[1,2]}")));
        assertThat(seen.get(0).key()).contains("vendor-key").doesNotContain(SECRET);
        assertThat(booked().outcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(booked().metering().usage().completionTokens()).isEqualTo(2_000);
        assertThat(booked().charge().cost().amount()).isPresent();
    }

    @Test
    void theServiceTierOfABodyCountsForAHardBudget() throws Exception {
        // Between what the whole window and a search cost on the usual tier, 2.9 cents, and on the other one, 4.2.
        architect
                .budgets()
                .set(new Budget("day", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("0.035"), BudgetMode.HARD));
        String usual = "\"n\":2,\"max_tokens\":10";

        HttpResponse<String> refused =
                post("/v1/chat/completions", chat("openai/gpt-4o-mini", usual + ",\"service_tier\":\"priority\""));
        assertThat(refused.statusCode()).as(refused.body()).isNotEqualTo(200);
        assertThat(refused.body()).contains("day");
        assertThat(seen).isEmpty();

        assertThat(post("/v1/chat/completions", chat("openai/gpt-4o-mini", usual))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aStreamComesEventByEventAndItsCountsOnlyWhereTheClientAsksForThem() throws Exception {
        reply = STREAM + STREAM_END;

        HttpResponse<String> silent =
                post("/v1/chat/completions", chat("openai/gpt-4o-mini", "\"top_p\":0.5,\"stream\":true"));
        HttpResponse<String> asked = post(
                "/v1/chat/completions",
                chat(
                        "openai/gpt-4o-mini",
                        "\"top_p\":0.5,\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        assertThat(asked.body()).isEqualTo(reply);
        assertThat(silent.body()).isEqualTo(reply.replaceAll("(?m)^data: .*\"prompt_tokens\".*\n\n", ""));
        assertThat(GatewayFixture.header(silent, "architect-model")).isEqualTo("gpt-4o-mini");
        assertThat(seen.get(0).body().at("/stream_options/include_usage").booleanValue())
                .isTrue();
        assertThat(architect.ledger().newest(10))
                .hasSize(2)
                .allMatch(entry -> entry.metering().usage().completionTokens() == 20);
    }

    @Test
    void aStreamThatIsCutEndsInTheErrorOfTheDialectAndIsInTheLedger() throws Exception {
        reply = STREAM;
        cut = true;

        HttpResponse<String> answer =
                post("/v1/chat/completions", chat("openai/gpt-4o-mini", "\"top_p\":0.5,\"stream\":true"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith(STREAM).doesNotContain("[DONE]");
        List<GatewayFixture.StreamEvent> events = GatewayFixture.events(answer);
        assertThat(events.get(events.size() - 1).json().at("/error/message").textValue())
                .isNotBlank();
        assertThat(architect.ledger().newest(10))
                .isNotEmpty()
                .noneMatch(entry -> entry.outcome() == CallOutcome.ANSWERED);
    }

    @Test
    void messagesPassAsWell() throws Exception {
        reply = """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[\
                {"type":"text","text":"Hello."},{"type":"server_tool_use","id":"t","name":"web_search","input":{}}],\
                "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":9}}""";

        HttpResponse<String> answer =
                post("/v1/messages", chat("claude-haiku-4-5", "\"max_tokens\":50,\"top_p\":0.25"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(answer)).isEqualTo(GatewayFixture.json(reply));
        assertThat(seen.get(0).path()).isEqualTo("/v1/messages");
        assertThat(seen.get(0).body().get("top_p").doubleValue()).isEqualTo(0.25);
        assertThat(booked().metering().usage().completionTokens()).isEqualTo(9);
    }

    @Test
    void responsesPassAsWell() throws Exception {
        close();
        open(Map.of("api", "responses"));
        reply = RESPONSE;
        String asked = "{\"model\":\"openai/gpt-4o-mini\",\"input\":\"Hello.\",\"top_p\":0.5,\"vendor_field\":[1,2]}";

        HttpResponse<String> answer = post("/v1/responses", asked, "OpenAI-Beta", "responses=v2");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(answer)).isEqualTo(GatewayFixture.json(RESPONSE));
        assertThat(seen.get(0).path()).isEqualTo("/responses");
        assertThat(seen.get(0).body())
                .isEqualTo(GatewayFixture.json(asked.replace("openai/gpt-4o-mini", "gpt-4o-mini")));
        assertThat(seen.get(0).beta()).isEqualTo("null responses=v2 null");
        assertThat(booked().metering().usage().completionTokens()).isEqualTo(6);
    }

    @Test
    void aStreamOfResponsesComesEventByEvent() throws Exception {
        close();
        open(Map.of("api", "responses"));
        reply = Stream.of(
                        "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"model\":\"gpt-4o-mini\"}}",
                        "{\"type\":\"response.output_item.added\",\"sequence_number\":1,\"output_index\":0,\"item\":"
                                + "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":[]}}",
                        "{\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"item_id\":\"msg_1\",\"output_index\":0,"
                                + "\"content_index\":0,\"delta\":\"Hello.\",\"logprobs\":[],\"obfuscation\":\"x\"}",
                        "{\"type\":\"response.completed\",\"sequence_number\":3,\"response\":" + RESPONSE + "}")
                .map(data -> "event: " + GatewayFixture.json(data).get("type").textValue() + "\ndata: " + data + "\n\n")
                .collect(Collectors.joining());

        HttpResponse<String> answer = post(
                "/v1/responses",
                "{\"model\":\"openai/gpt-4o-mini\",\"input\":\"Hello.\",\"top_p\":0.5,\"stream\":true}");

        assertThat(answer.body()).isEqualTo(reply);
        assertThat(seen.get(0).body().get("stream").booleanValue()).isTrue();
        assertThat(seen.get(0).body().has("stream_options")).isFalse();
        assertThat(booked().metering().usage().completionTokens()).isEqualTo(6);
    }

    @Test
    void whatAHeaderAsksOfTheVendorGoesToItAloneAndNoKeyDoes() throws Exception {
        reply = """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[\
                {"type":"text","text":"Hello."},{"type":"new_kind","a":1}],\
                "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":9}}""";
        String[] headers = {
            "anthropic-beta",
            "context-1m-2025-08-07",
            "anthropic-beta",
            "files-api-2025-04-14",
            "OpenAI-Organization",
            "org-1"
        };

        HttpResponse<String> own = post("/v1/messages", chat("claude-haiku-4-5", "\"max_tokens\":50"), headers);

        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(own)).isEqualTo(GatewayFixture.json(reply));
        assertThat(seen.get(0).beta()).isEqualTo("context-1m-2025-08-07, files-api-2025-04-14 null null");
        assertThat(seen.get(0).key()).contains("vendor-key").doesNotContain(SECRET);
        assertThat(own.headers().firstValue("architect-ignored")).isEmpty();

        reply = WHOLE;
        HttpResponse<String> other = post("/v1/messages", chat("openai/gpt-4o-mini", "\"max_tokens\":50"), headers);

        assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
        assertThat(seen.get(1).path()).isEqualTo("/chat/completions");
        assertThat(seen.get(1).beta()).isEqualTo("null null null");
        assertThat(GatewayFixture.header(other, "architect-ignored")).isEqualTo("anthropic-beta");

        HttpResponse<String> wrong = post(
                "/v1/messages", chat("claude-haiku-4-5", "\"max_tokens\":50"), "anthropic-beta", "b".repeat(1_001));

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("anthropic-beta has 1001 characters, expected 1..1000");
        assertThat(seen).hasSize(2);
    }

    @Test
    void whatTheVendorRefusesIsTheClientsError() throws Exception {
        status = 400;
        reply = "{\"error\":{\"message\":\"Unknown parameter: 'vendor_field'.\",\"type\":\"invalid_request_error\","
                + "\"param\":\"vendor_field\",\"code\":\"unknown_parameter\"}}";

        HttpResponse<String> answer = post("/v1/chat/completions", chat("openai/gpt-4o-mini", "\"vendor_field\":1"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(GatewayFixture.json(answer).at("/error/type").textValue()).isEqualTo("invalid_request_error");
        assertThat(seen).hasSize(1);
    }

    @Test
    void nothingPassesToAnotherVendorOrWhereThePolicyChooses() throws Exception {
        for (String model : List.of("auto", "auto:cheap", "claude/claude-haiku-4-5")) {
            HttpResponse<String> answer = post("/v1/chat/completions", chat(model, "\"top_p\":0.5"));

            assertThat(answer.statusCode()).as(model).isEqualTo(400);
            assertThat(GatewayFixture.json(answer).at("/error/param").textValue())
                    .isEqualTo("top_p");
        }
        assertThat(post("/v1/chat/completions", chat("openai/gpt-4o-mini", "\"top_p\":\"much\""))
                        .statusCode())
                .as("wrong in whatever way it is answered")
                .isEqualTo(400);
        assertThat(seen).isEmpty();
        assertThat(architect.ledger().newest(10)).isEmpty();
    }
}
