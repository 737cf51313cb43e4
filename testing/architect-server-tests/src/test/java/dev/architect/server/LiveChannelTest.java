package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.Architect;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.change.ChangeStore;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.Money;
import dev.architect.lane.LaneScope;
import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.store.sqlite.Synchronous;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.thread.ThreadRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the live channel know, whatever becomes of their connections. */
final class LiveChannelTest {

    private static final Actor ADA = Actor.person("ada");
    private static final ProjectId WEB = new ProjectId("web");
    private static final String TOPIC = "project:web";
    private static final int CUTS = 100;
    private static final int CHANGES_BETWEEN_CUTS = 10;

    @TempDir
    Path folder;

    private final ServerFixture fixture = new ServerFixture();
    private final ThreadRunner runner = new ThreadRunner("live-test");

    @AfterEach
    void close() {
        runner.close();
        fixture.close();
    }

    private static String[] token() {
        return new String[] {"Authorization", "Bearer " + ServerFixture.SECRET};
    }

    private LiveClient follower(String topic) {
        return new LiveClient(fixture.client, topic);
    }

    private static Item add(Architect architect, String title) {
        return architect.projects().items().create(WEB, ItemDraft.of(ItemKind.FEATURE, title), Optional.empty(), ADA);
    }

    /** Makes and changes items as fast as it may. */
    private CompletableFuture<Integer> change(List<Architect> nodes, Semaphore allowed, int changes) {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        runner.start("writer", () -> {
            try {
                List<Item> items = new ArrayList<>();
                for (int i = 0; i < changes; i++) {
                    allowed.acquire();
                    Architect node = nodes.get(i % nodes.size());
                    if (items.size() < 40) {
                        items.add(add(node, "item " + i));
                    } else if (i % 50 == 0) {
                        Item gone = items.remove(i % items.size());
                        node.projects()
                                .items()
                                .delete(gone.id(), gone.revision().version(), ADA);
                    } else {
                        int place = i * 7 % items.size();
                        Item item = items.get(place);
                        items.set(
                                place,
                                node.projects()
                                        .items()
                                        .edit(
                                                item.id(),
                                                item.revision().version(),
                                                item.draft().withTitle("changed " + i),
                                                ADA));
                    }
                }
                done.complete(changes);
            } catch (Exception failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static Map<String, JsonNode> stateOf(ServerFixture fixture, String url) {
        HttpResponse<String> answer = fixture.send(HttpRequest.newBuilder(URI.create(url + "/api/live?topic=" + TOPIC))
                .header("Authorization", "Bearer " + ServerFixture.SECRET));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Map<String, JsonNode> items = new HashMap<>();
        LiveClient.parse(answer.body())
                .get("items")
                .forEach(each -> items.put(each.get("key").textValue(), each.get("item")));
        return items;
    }

    private void followWhileTheLinkIsCut(List<Architect> nodes, List<String> urls) throws Exception {
        nodes.get(0).projects().create(WEB, "WEB", ProjectDraft.of("Web"), ADA);
        LiveClient client = follower(TOPIC);
        client.connect(urls.get(0), token()).nextOf("snapshot");
        Semaphore allowed = new Semaphore(0);
        CompletableFuture<Integer> written = change(nodes, allowed, CUTS * CHANGES_BETWEEN_CUTS);

        for (int i = 0; i < CUTS; i++) {
            client.cut();
            // After the cut: what the client knows already is told to it no more.
            allowed.release(CHANGES_BETWEEN_CUTS);
            LiveClient.Link link = client.connect(urls.get((i + 1) % urls.size()), token());
            if (i % 3 == 0) {
                // Some are cut before they have heard anything.
                link.nextOf("snapshot", "change", "heartbeat");
            }
        }

        assertThat(written.get(120, TimeUnit.SECONDS)).isEqualTo(CUTS * CHANGES_BETWEEN_CUTS);
        ChangeStore log = nodes.get(0).changes().orElseThrow();
        Map<String, JsonNode> state = stateOf(fixture, urls.get(0));
        client.until(items -> items.equals(state));
        assertThat(client.gaps()).isZero();
        assertThat(client.snapshots())
                .as("all but the first connection went on")
                .isEqualTo(1);
        assertThat(log.newest().sequence()).isGreaterThanOrEqualTo(CUTS * CHANGES_BETWEEN_CUTS);
    }

    @Test
    void aClientWhoseLinkIsCutAHundredTimesMissesNothing() throws Exception {
        followWhileTheLinkIsCut(List.of(fixture.architect), List.of(fixture.server.url()));
    }

    @Test
    void aClientGoesOnAtAnotherServerOfTheSameStore() throws Exception {
        Path file = folder.resolve("shared.db");
        try (Architect one = node(file);
                Architect other = node(file);
                ArchitectServer first = serve(one);
                ArchitectServer second = serve(other)) {
            followWhileTheLinkIsCut(List.of(one, other), List.of(first.url(), second.url()));
        }
    }

    private static Architect node(Path file) {
        return Architect.builder()
                // Nothing here is to outlive the machine.
                .store(SqliteStore.builder(file).synchronous(Synchronous.NORMAL).open())
                .router((providers, clock) -> new FakeRouter(TimeSource.system()))
                .build();
    }

    private static ArchitectServer serve(Architect architect) {
        ServerFixture.addUser(architect);
        return ArchitectServer.builder(architect, AccessToken.of(ServerFixture.SECRET))
                .port(0)
                .passwords(ServerFixture.HASHER)
                .start();
    }

    @Test
    void tasksAreFollowedFromTheirAcceptanceToTheirEnd() {
        LiveClient client = follower("tasks");
        client.connect(fixture.server.url(), token()).nextOf("snapshot");

        TaskId id = fixture.submit("hello");

        client.until(items -> items.containsKey(id.toString())
                && items.get(id.toString()).get("state").textValue().equals("done"));
        LiveClient one = follower("task:" + id);
        one.connect(fixture.server.url(), token()).nextOf("snapshot");
        assertThat(one.items().keySet()).containsExactly(id.toString());
    }

    @Test
    void aPositionThatIsNotKnownIsAGapAndASnapshotFollows() {
        LiveClient client = follower("tasks");
        client.pretend("elsewhere", 7);

        LiveClient.Link link = client.connect(fixture.server.url(), token());

        assertThat(link.next().get("type").textValue()).isEqualTo("hello");
        assertThat(link.next().get("type").textValue()).isEqualTo("gap");
        assertThat(link.next().get("type").textValue()).isEqualTo("snapshot");
    }

    @Test
    void aNewEraOfTheStoreIsAGapForWhoIsConnected() {
        fixture.architect.projects().create(WEB, "WEB", ProjectDraft.of("Web"), ADA);
        LiveClient client = follower(TOPIC);
        LiveClient.Link link = client.connect(fixture.server.url(), token());
        link.nextOf("snapshot");

        fixture.architect.changes().orElseThrow().beginEra();

        link.nextOf("gap");
        assertThat(link.nextOf("snapshot").get("items")).hasSize(1);
    }

    @Test
    void whoWantsKeysAloneGetsNoContent() {
        fixture.architect.projects().create(WEB, "WEB", ProjectDraft.of("Web"), ADA);
        LiveClient client = follower("");
        LiveClient.Link link = client.connect(fixture.server.url(), token());
        client.sendText("{\"type\":\"subscribe\",\"id\":\"b\",\"topic\":\"project:web\",\"items\":false}");
        assertThat(link.nextOf("snapshot").get("items")).isEmpty();

        Item item = add(fixture.architect, "one");

        JsonNode put = link.nextOf("change").get("put");
        assertThat(put.findValuesAsText("key")).contains(item.id().toString());
        assertThat(put.toString()).doesNotContain("one");
        client.sendText("{\"type\":\"unsubscribe\",\"id\":\"b\"}");
        client.sendText("{\"type\":\"subscribe\",\"id\":\"c\",\"topic\":\"nothing\"}");
        assertThat(link.nextOf("refused").get("code").textValue()).isEqualTo("unknown-topic");
    }

    @Test
    void whatIsSetAndSpentIsToldWhenItChanges() {
        assertTold(
                "schedules",
                () -> fixture.architect
                        .schedules()
                        .save(ScheduleRequest.every("hourly", Duration.ofHours(1), TaskRequest.prompt("x")))
                        .name(),
                "hourly");
        assertTold(
                "queues",
                () -> {
                    fixture.architect.queues().pause(LaneScope.of("reports"));
                    return "queue:reports";
                },
                "\"paused\":true");
        assertTold(
                "queues",
                () -> {
                    fixture.architect.queues().pauseType("prompt");
                    return "paused-types";
                },
                "prompt");
        assertTold(
                "costs",
                () -> {
                    fixture.architect
                            .budgets()
                            .set(new Budget(
                                    "daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("6"), BudgetMode.SOFT));
                    return "budget:daily";
                },
                "\"limitUsd\":6");
        assertTold(
                "costs",
                () -> {
                    fixture.architect.chat(ChatRequest.of("hello"));
                    return "today";
                },
                "\"calls\":1");
        assertTold(
                "projects",
                () -> fixture.architect
                        .projects()
                        .create(WEB, "WEB", ProjectDraft.of("Web"), ADA)
                        .id()
                        .name(),
                "\"title\":\"Web\"");
        assertTold(
                "rules",
                () -> {
                    HttpResponse<String> made = fixture.postAsPerson(
                            "/api/approval-rules",
                            "{\"rule\":{\"id\":\"no-delete\",\"decision\":\"deny\",\"run\":[\"rm\"]}}");
                    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
                    return "no-delete";
                },
                "\"enabled\":");
    }

    /** Whether who follows a topic is told of a change. */
    private void assertTold(String topic, Supplier<String> change, String content) {
        LiveClient client = follower(topic);
        LiveClient.Link link = client.connect(fixture.server.url(), token());
        link.nextOf("snapshot");

        String name = change.get();

        JsonNode put = link.nextOf("change").get("put");
        while (!put.toString().contains(name) || !put.toString().contains(content)) {
            put = link.nextOf("change").get("put");
        }
        assertThat(put.toString()).as(topic).contains(name, content);
        client.cut();
    }

    @Test
    void anAgentOfOneProjectFollowsNothingOfOthers() {
        fixture.architect.projects().create(WEB, "WEB", ProjectDraft.of("Web"), ADA);
        TaskId own = fixture.submitJson("{\"prompt\":\"mine\",\"project\":\"web\"}");
        TaskId foreign = fixture.submitJson("{\"prompt\":\"theirs\",\"project\":\"shop\"}");
        HttpResponse<String> made = fixture.postAsPerson(
                "/api/tokens",
                "{\"name\":\"web\",\"scopes\":[\"tasks:r\",\"projects:r\",\"costs:r\",\"providers:r\",\"activity:r\"],"
                        + "\"projects\":[\"web\"],\"expiresInSeconds\":3600}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String secret = fixture.json(made).get("secret").textValue();
        for (String topic : List.of("status", "tasks", "activity", "costs", "projects", "task:" + foreign)) {
            assertThat(statusOfReading(topic, secret)).as(topic).isEqualTo(403);
        }
        for (String topic : List.of("project:web", "task:" + own, "providers")) {
            assertThat(statusOfReading(topic, secret)).as(topic).isEqualTo(200);
        }
    }

    private int statusOfReading(String topic, String secret) {
        return fixture.send(fixture.anonymous("/api/live?topic=" + topic).header("Authorization", "Bearer " + secret))
                .statusCode();
    }

    private String agent(String... scopes) {
        HttpResponse<String> made = fixture.postAsPerson(
                "/api/tokens",
                "{\"name\":\"ci\",\"scopes\":[\"" + String.join("\",\"", scopes) + "\"],\"expiresInSeconds\":3600}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String secret = fixture.json(made).get("secret").textValue();
        assertThat(secret).startsWith(AgentToken.PREFIX);
        return secret;
    }

    @Test
    void aRevokedTokenIsClosedAndATopicNeedsItsPermission() throws Exception {
        String secret = agent("tasks:r");
        LiveClient client = follower("tasks");
        LiveClient.Link link = client.connect(fixture.server.url(), "Authorization", "Bearer " + secret);
        link.nextOf("snapshot");
        client.sendText("{\"type\":\"subscribe\",\"id\":\"r\",\"topic\":\"reviews\"}");
        JsonNode refused = link.nextOf("refused");
        assertThat(refused.get("id").textValue()).isEqualTo("r");
        assertThat(refused.get("code").textValue()).isEqualTo("forbidden");
        assertThat(link.closed).isNotDone();

        long before = System.nanoTime();
        fixture.send(fixture.anonymous("/api/tokens/ci")
                .header("Cookie", fixture.login(ServerFixture.USER, ServerFixture.PASSWORD))
                .header("Sec-Fetch-Site", "same-origin")
                .DELETE());

        assertThat(link.closed.get(60, TimeUnit.SECONDS)).isEqualTo(4401);
        assertThat(System.nanoTime() - before).as("in nanoseconds").isPositive();
    }

    @Test
    void whoIsNoUserAnyMoreIsClosed() {
        fixture.architect
                .access()
                .orElseThrow()
                .add(User.create(
                        "vic",
                        Set.of(UserRole.ADMIN),
                        ServerFixture.HASHER.hash(ServerFixture.PASSWORD),
                        TimeSource.system().wallTime()));
        LiveClient client = follower("tasks");
        LiveClient.Link link = client.connect(
                fixture.server.url(),
                "Cookie",
                fixture.login("vic", ServerFixture.PASSWORD),
                "Origin",
                fixture.server.url());
        link.nextOf("snapshot");

        AccessStore users = fixture.architect.access().orElseThrow();
        users.change(users.user("vic").orElseThrow().withActive(false));

        assertThat(link.closed.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(4401);
    }

    @Test
    void eventsOverPlainHttpGoOnWhereTheyWere() throws Exception {
        fixture.architect.projects().create(WEB, "WEB", ProjectDraft.of("Web"), ADA);
        String id;
        try (BufferedReader events = events("")) {
            assertThat(next(events, "event: ")).isEqualTo("snapshot");
            id = next(events, "id: ");
            add(fixture.architect, "one");
            assertThat(next(events, "event: ")).isEqualTo("change");
            id = next(events, "id: ");
            assertThat(next(events, "data: ")).contains("\"one\"");
        }
        add(fixture.architect, "two");

        try (BufferedReader events = events(id)) {
            assertThat(next(events, "event: ")).isEqualTo("change");
            assertThat(next(events, "data: ")).contains("\"two\"").doesNotContain("\"one\"");
        }
    }

    private BufferedReader events(String last) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                fixture.request("/api/live?topic=" + TOPIC).header("Accept", "text/event-stream");
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        HttpResponse<InputStream> answer =
                fixture.client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader events, String field) throws IOException {
        String line = events.readLine();
        while (line != null && !line.startsWith(field)) {
            line = events.readLine();
        }
        assertThat(line).as(field).isNotNull();
        return line.substring(field.length());
    }

    @Test
    void aReadingOfATopicNeedsItsPermission() {
        String secret = agent("tasks:r");

        HttpResponse<String> refused =
                fixture.send(fixture.anonymous("/api/live?topic=reviews").header("Authorization", "Bearer " + secret));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(fixture.get("/api/live?topic=nothing").statusCode()).isEqualTo(400);
        assertThat(fixture.get("/api/live?topic=tasks,reviews").statusCode()).isEqualTo(400);
        assertThat(fixture.getJson("/api/live?topic=reviews").get("items")).isEmpty();
    }
}
