package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.access.PasswordHasher;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.runtime.AccessToken;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server over a real database: many who write at once, lists while others write, and large tables. */
final class ServerScaleTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String PASSWORD = "tricky gnomes juggle lamps";
    private static final PasswordHasher HASHER = new Pbkdf2PasswordHasher(1_000, TimeSource.system()::random);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH = 1_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newFixedThreadPool(50);

    @TempDir
    private Path folder;

    private SqliteStore store;
    private Architect architect;
    private ArchitectServer server;

    @BeforeEach
    void open() {
        store = SqliteStore.at(folder.resolve("architect.db"));
        architect = Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("claude"))
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .build();
        architect
                .access()
                .orElseThrow()
                .addFirst(User.create("ada", Set.of(UserRole.ADMIN), HASHER.hash(PASSWORD), Instant.EPOCH));
        server = ArchitectServer.builder(architect, AccessToken.of(SECRET))
                .port(0)
                .passwords(HASHER)
                .start();
    }

    private void shut() {
        server.close();
        architect.close();
        store.close();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        shut();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + SECRET)
                .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private <T> List<T> atOnce(int count, IntFunction<T> work) {
        List<CompletableFuture<T>> all = IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> work.apply(i), threads))
                .toList();
        return all.stream().map(CompletableFuture::join).toList();
    }

    private static TaskRequest waiting(String prompt) {
        return TaskRequest.prompt(prompt).withDelay(Duration.ofDays(1));
    }

    private List<String> submit(int count) {
        List<String> ids = new ArrayList<>();
        for (int sent = 0; sent < count; sent += BATCH) {
            int first = sent;
            architect
                    .tasks()
                    .submitAll(IntStream.range(0, Math.min(BATCH, count - sent))
                            .mapToObj(i -> waiting("number " + (first + i)))
                            .toList())
                    .forEach(task -> ids.add(task.id().toString()));
        }
        return ids;
    }

    @Test
    void ofFiftyEditsOfOneThingOneSucceedsAndNothingIsLost() {
        assertThat(send("POST", "/api/projects", "{\"key\":\"shop\",\"prefix\":\"SH\",\"title\":\"Shop\"}")
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> item =
                send("POST", "/api/projects/shop/items", "{\"kind\":\"bug\",\"title\":\"The basket\"}");
        String tag = item.headers().firstValue("ETag").orElseThrow();

        List<HttpResponse<String>> answers = atOnce(
                50, i -> send("PATCH", "/api/items/SH-1", "{\"title\":\"The basket " + i + "\"}", "If-Match", tag));

        List<HttpResponse<String>> done =
                answers.stream().filter(each -> each.statusCode() == 200).toList();
        assertThat(done).hasSize(1);
        assertThat(answers).filteredOn(each -> each.statusCode() == 412).hasSize(49);
        JsonNode now = json(send("GET", "/api/items/SH-1", ""));
        assertThat(now.get("title")).isEqualTo(json(done.get(0)).get("title"));
        assertThat(answers)
                .filteredOn(each -> each.statusCode() == 412)
                .allSatisfy(each -> assertThat(json(each).at("/current/title")).isEqualTo(now.get("title")));
    }

    @Test
    void ofAThousandRepetitionsOfOneCreationOneCreates() {
        List<HttpResponse<String>> answers = atOnce(
                1_000,
                i -> send(
                        "POST", "/api/tasks", "{\"prompt\":\"once\",\"delay\":\"1h\"}", "Idempotency-Key", "one-key"));

        Map<Integer, Long> byStatus =
                answers.stream().collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
        // Whoever comes while the first one is being answered is told to ask again.
        assertThat(byStatus).containsKey(201);
        assertThat(byStatus.keySet()).isSubsetOf(Set.of(201, 409));
        assertThat(answers.stream()
                        .filter(each -> each.statusCode() == 201)
                        .map(each -> json(each).get("id").textValue()))
                .containsOnly(json(answers.stream()
                                .filter(each -> each.statusCode() == 201)
                                .findFirst()
                                .orElseThrow())
                        .get("id")
                        .textValue());
        assertThat(json(send("GET", "/api/tasks", "")).get("tasks")).hasSize(1);
    }

    @Test
    void aListThatIsReadWhileOthersInsertHasNothingTwiceAndMissesNothing() {
        List<String> before = submit(2_000);
        AtomicBoolean isRead = new AtomicBoolean();
        AtomicInteger inserted = new AtomicInteger();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    while (!isRead.get()) {
                        submit(20);
                        inserted.addAndGet(20);
                    }
                },
                threads);

        List<String> seen = new ArrayList<>();
        String path = "/api/tasks?limit=50";
        while (!path.isEmpty()) {
            JsonNode page = json(send("GET", path, ""));
            page.get("tasks").forEach(task -> seen.add(task.get("id").textValue()));
            String next = page.get("next").textValue();
            path = next == null ? "" : "/api/tasks?limit=50&cursor=" + next;
        }
        isRead.set(true);
        writer.join();

        assertThat(inserted.get()).isPositive();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(new HashSet<>(seen)).containsAll(before);
    }

    @Test
    void aBulkChangeThatIsInterruptedGoesOnAfterTheRestart() {
        cancelAll(4_000);
    }

    /** The server is stopped in the middle of the work and started again. */
    private Duration cancelAll(int count) {
        submit(count);
        long begun = System.nanoTime();
        String job = json(send(
                        "POST",
                        "/api/tasks/bulk",
                        "{\"filter\":\"type:prompt\",\"action\":\"cancel\",\"expectedCount\":" + count + "}"))
                .get("id")
                .asText();
        JsonNode seen = await(job, 1);
        shut();
        Duration first = Duration.ofNanos(System.nanoTime() - begun);
        open();
        begun = System.nanoTime();
        JsonNode end = await(job, count);

        assertThat(seen.get("done").intValue()).isPositive();
        assertThat(end.get("done").intValue() + end.get("skipped").intValue())
                .as(end.toString())
                .isEqualTo(count);
        assertThat(end.get("total").intValue()).isEqualTo(count);
        JsonNode counts = json(send("GET", "/api/tasks/counts", ""));
        assertThat(counts.at("/cancelled").asInt(counts.at("/counts/cancelled").asInt()))
                .as(counts.toString())
                .isEqualTo(count);
        return first.plusNanos(System.nanoTime() - begun);
    }

    private JsonNode await(String job, int least) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            JsonNode now = json(send("GET", "/api/jobs/" + job, ""));
            boolean isOver = now.get("done").asInt() + now.get("skipped").asInt() >= least
                    && (least == 1 || !now.get("endedAt").isNull());
            if (isOver) {
                return now;
            }
            assertThat(System.nanoTime()).as(now.toString()).isLessThan(deadline);
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aHundredThousandAreCancelledWithinSecondsAcrossARestart() {
        Duration took = cancelAll(100_000);

        System.out.println("100,000 cancelled across a restart: " + took.toMillis() + " ms");
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }

    /** Prints what each list takes over a million tasks and a million calls. */
    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void listsOfAMillionAreReadAsFastAsShortOnes() {
        int count = Integer.getInteger("architect.scale", 1_000_000);
        long begun = System.nanoTime();
        String middle = "";
        for (int sent = 0; sent < count; sent += BATCH) {
            int first = sent;
            List<TaskRequest> tasks = IntStream.range(0, BATCH)
                    .mapToObj(i -> waiting("number " + (first + i)))
                    .toList();
            TaskId last = architect.tasks().submitAll(tasks).get(0).id();
            middle = sent == count / 2 ? last.toString() : middle;
            store.ledger()
                    .record(IntStream.range(first, first + BATCH)
                            .mapToObj(ServerScaleTest::call)
                            .toList());
        }
        System.out.println(
                "filled in " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
        String somewhere = middle;
        List<String> lists = List.of(
                "/api/tasks",
                "/api/tasks?before=" + somewhere,
                "/api/tasks?q=state:ready,scheduled%20type:prompt",
                "/api/tasks?q=state:dead",
                "/api/tasks?q=created:-7d",
                "/api/tasks?project=nowhere",
                "/api/tasks/counts",
                "/api/tasks/causes",
                "/api/calls?period=30d",
                "/api/calls?period=30d&q=outcome:failed",
                "/api/calls?period=30d&q=provider:openai%20model:openai/m7",
                "/api/llm-metrics/summary?period=30d",
                "/api/ledger/groups?period=30d&by=model",
                "/api/ledger/series?period=30d&interval=day",
                "/api/status",
                "/api/search?q=" + somewhere);
        for (String list : lists) {
            long[] micros = new long[40];
            for (int i = 0; i < micros.length; i++) {
                long from = System.nanoTime();
                HttpResponse<String> answer = send("GET", list, "");
                micros[i] = (System.nanoTime() - from) / 1_000;
                assertThat(answer.statusCode()).as(list + ": " + answer.body()).isEqualTo(200);
            }
            Arrays.sort(micros);
            System.out.printf("%-55s p50 %.1f ms, p95 %.1f ms%n", list, micros[20] / 1_000.0, micros[37] / 1_000.0);
        }
    }

    private static LedgerEntry call(int number) {
        boolean isFailed = number % 50 == 0;
        String provider = number % 3 == 0 ? "openai" : "claude";
        ModelId model = new ModelId(provider, "m" + number % 10);
        return new LedgerEntry(
                String.format("call%09d", number),
                new CallOrigin(String.format("request%09d", number), Optional.empty(), 0, Attribution.DEFAULT),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(
                        Instant.now().minusSeconds(1_000_000).plusMillis(number),
                        Duration.ofMillis(100 + number % 900)),
                isFailed ? CallOutcome.FAILED : CallOutcome.ANSWERED,
                isFailed ? Optional.of(FailureKind.OVERLOADED) : Optional.empty(),
                new Metering(isFailed ? TokenUsage.UNKNOWN : TokenUsage.of(100, 50), UsageSource.REPORTED),
                new CallCharge(
                        isFailed ? Cost.NOT_BILLED : Cost.priced(new Money(1_000)),
                        Optional.empty(),
                        isFailed ? Cost.NOT_BILLED : Cost.priced(new Money(3_000)),
                        "2026-11-22"),
                isFailed ? Optional.empty() : Optional.of(StopReason.COMPLETE));
    }
}
