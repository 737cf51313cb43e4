package dev.architect.server.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cost.LedgerEntry;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.server.ArchitectServer;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** A real server on loopback over the six simulated providers: what a client of the gateway meets, but for the network and the vendors. */
final class GatewayFixture implements AutoCloseable {

    static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static final ObjectMapper JSON = new ObjectMapper();

    final ProviderSimulator simulator;
    final Architect architect;
    final ArchitectServer server;
    final HttpClient client = HttpClient.newHttpClient();

    GatewayFixture() {
        this(TimeSource.system());
    }

    /** Only the server uses {@code serverTime}. */
    GatewayFixture(TimeSource serverTime) {
        this(serverTime, Optional.empty());
    }

    /** The same under the routing policy of that file. */
    GatewayFixture(TimeSource serverTime, Optional<Path> policy) {
        try {
            simulator = ProviderSimulator.start(SimulatorScript.standard());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        RuntimeConfiguration configuration = RuntimeConfiguration.empty()
                .withProviders(SimulatorScript.PROVIDERS.stream()
                        .map(ProviderConfiguration::of)
                        .toList());
        ArchitectSetup.Builder setup = ArchitectSetup.builder(configuration)
                .factories(ServiceLoader.load(ModelProviderFactory.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(factory -> SimulatorScript.PROVIDERS.contains(factory.name()))
                        .toList())
                .secrets(name -> Optional.of("simulated"))
                .settings(name -> Optional.empty());
        SimulatorScript.PROVIDERS.forEach(provider -> setup.baseUrl(provider, simulator.baseUrl(provider)));
        policy.ifPresent(setup::policy);
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
                .time(serverTime)
                .start();
    }

    void outage(Outage outage) {
        SimulatorScript.PROVIDERS.forEach(provider -> simulator.setOutage(provider, outage));
    }

    /** The calls of models that reached a provider. */
    List<SimulatedCall> calls() {
        return simulator.log().stream()
                .filter(call -> call.isModelCall() || call.path().endsWith("completions"))
                .toList();
    }

    /** The calls of a request that the ledger has, newest first. */
    List<LedgerEntry> ledger(String requestId) {
        return architect.ledger().newest(500).stream()
                .filter(entry -> entry.origin().requestId().equals(requestId))
                .toList();
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(60));
    }

    /** As OpenAI's clients send it. */
    HttpRequest.Builder openAi(String path) {
        return anonymous(path).header("Authorization", "Bearer " + SECRET);
    }

    /** As Anthropic's clients send it. */
    HttpRequest.Builder anthropic(String path) {
        return anonymous(path).header("x-api-key", SECRET).header("anthropic-version", "2023-06-01");
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    HttpResponse<String> post(HttpRequest.Builder request, String json) {
        return send(request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> chat(String json) {
        return post(openAi("/v1/chat/completions"), json);
    }

    HttpResponse<String> responses(String json) {
        return post(openAi("/v1/responses"), json);
    }

    HttpResponse<String> messages(String json) {
        return post(anthropic("/v1/messages"), json);
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** An event of a stream. */
    record StreamEvent(String name, String data) {

        JsonNode json() {
            return GatewayFixture.json(data);
        }
    }

    /** The events of a stream, comments left out. */
    static List<StreamEvent> events(HttpResponse<String> response) {
        List<StreamEvent> events = new ArrayList<>();
        for (String block : response.body().split("\n\n", -1)) {
            String name = "";
            String data = null;
            for (String line : block.split("\n", -1)) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                }
            }
            if (data != null) {
                events.add(new StreamEvent(name, data));
            }
        }
        return events;
    }

    @Override
    public void close() {
        server.close();
        architect.close();
        simulator.close();
    }
}
