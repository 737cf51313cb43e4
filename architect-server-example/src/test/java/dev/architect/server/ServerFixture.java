package dev.architect.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.access.PasswordHasher;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.event.Event;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.PublicOrigin;
import dev.architect.server.live.LiveApi;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A real server on a free loopback port over a whole {@code Architect} with an in-memory store and a scripted router. */
final class ServerFixture implements AutoCloseable {

    static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /** An admin of every server here. */
    static final String USER = "ada";

    static final String PASSWORD = "tricky gnomes juggle lamps";

    /** Where a browser finds the server through a proxy of the same machine: under a name, which passkeys need. */
    static final String ORIGIN = "http://localhost:8080";

    /** As that of servers, in a hundredth of the time. */
    static final PasswordHasher HASHER = new Pbkdf2PasswordHasher(1_000, TimeSource.system()::random);

    private static final ObjectMapper JSON = new ObjectMapper();

    final FakeRouter router;
    final Store store;
    final Architect architect;
    final ArchitectServer server;
    final HttpClient client = HttpClient.newHttpClient();
    private final Map<TaskId, CompletableFuture<Boolean>> ends = new ConcurrentHashMap<>();

    ServerFixture() {
        this(TimeSource.system());
    }

    /** Only the server uses {@code serverTime}; everything else uses the system's. */
    ServerFixture(TimeSource serverTime, Worker... workers) {
        this(serverTime, store -> store, workers);
    }

    /** A server with room for few live pages. */
    ServerFixture(int maxLivePages) {
        this(TimeSource.system(), store -> store, maxLivePages);
    }

    ServerFixture(TimeSource serverTime, UnaryOperator<Store> wrap, Worker... workers) {
        this(serverTime, wrap, LiveApi.MAX_PAGES, workers);
    }

    private ServerFixture(TimeSource serverTime, UnaryOperator<Store> wrap, int maxLivePages, Worker... workers) {
        TimeSource time = TimeSource.system();
        router = new FakeRouter(time);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ArchitectMeters meters = new ArchitectMeters(registry);
        this.store = wrap.apply(new InMemoryStore(time));
        ArchitectBuilder builder = Architect.builder().store(store);
        List.of(workers).forEach(builder::worker);
        architect = builder.router((providers, clock) -> router)
                .listener(meters)
                // After the meters: what it has seen is in the meters too.
                .listener(this::recordEnd)
                .build();
        addUser(architect);
        server = ArchitectServer.builder(architect, AccessToken.of(SECRET))
                .port(0)
                .passwords(HASHER)
                .origins(List.of(PublicOrigin.parse(ORIGIN)))
                .meters(meters, registry)
                .time(serverTime)
                .maxLivePages(maxLivePages)
                .start();
    }

    /** A server with a user is not in set-up mode. */
    static void addUser(Architect architect) {
        architect
                .access()
                .orElseThrow()
                .addFirst(User.create(
                        USER,
                        Set.of(UserRole.ADMIN),
                        HASHER.hash(PASSWORD),
                        TimeSource.system().wallTime()));
    }

    URI uri(String path) {
        return URI.create(server.url() + path);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    }

    HttpRequest.Builder request(String path) {
        return anonymous(path).header("Authorization", "Bearer " + SECRET);
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

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** As {@link #post}, by an admin in a browser: for what only people may. */
    HttpResponse<String> postAsPerson(String path, String json) {
        return send(anonymous(path)
                .header("Cookie", login(USER, PASSWORD))
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The place that a refusal names, in the form of {@code tasks[3].type}. */
    static String place(JsonNode problem) {
        JsonNode error = problem.at("/errors/0");
        String name = error.path("parameter").asText(error.path("header").asText());
        return name.isEmpty()
                ? error.path("pointer")
                        .asText()
                        .substring(1)
                        .replaceAll("/(\\d+)", "[$1]")
                        .replace('/', '.')
                : name;
    }

    JsonNode getJson(String path) {
        return json(get(path));
    }

    /** Submits a prompt over HTTP and returns its id. */
    TaskId submit(String prompt) {
        return submitJson("{\"prompt\":\"" + prompt + "\"}");
    }

    /** Submits a task over HTTP and returns its id. */
    TaskId submitJson(String task) {
        return TaskId.parse(json(post("/api/tasks", task)).get("id").textValue());
    }

    /** Waits for the end of a task, and until its events are delivered. */
    TaskResult await(TaskId id) {
        try {
            TaskHandle handle = architect.tasks().handle(id).orElseThrow();
            TaskResult result = handle.await(Duration.ofSeconds(60));
            end(id).get(60, TimeUnit.SECONDS);
            return result;
        } catch (InterruptedException | ExecutionException | TimeoutException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private void recordEnd(Event event) {
        if (event instanceof Event.TaskEnded ended) {
            end(ended.task()).complete(true);
        }
    }

    private CompletableFuture<Boolean> end(TaskId id) {
        return ends.computeIfAbsent(id, unknown -> new CompletableFuture<>());
    }

    /** Logs in and returns the cookie as a request carries it. */
    String login() {
        HttpResponse<String> answer = send(anonymous("/login")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + SECRET + "\"}")));
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    /** Logs a user in and returns the cookie as a request carries it. */
    String login(String name, String password) {
        HttpResponse<String> answer = send(anonymous("/api/login")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}")));
        return answer.headers()
                .firstValue("Set-Cookie")
                .orElseThrow(() -> new IllegalStateException(answer.body()))
                .split(";")[0];
    }

    /** Sends these lines as they are and returns everything that comes back. */
    String raw(String... lines) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        router.release();
        server.close();
        architect.close();
    }
}
