package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.runtime.AccessToken;
import dev.architect.task.TaskId;
import java.net.http.HttpRequest;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The live WebSocket. */
final class LivePageTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static final String[] TOKEN = {"Authorization", "Bearer " + ServerFixture.SECRET};

    private final LiveClient page = new LiveClient(fixture.client, "status");

    private static JsonNode state(Map<String, JsonNode> items) {
        return items.getOrDefault("status", LiveClient.JSON.createObjectNode());
    }

    private JsonNode stateWith(Predicate<JsonNode> wanted) {
        page.until(items -> wanted.test(state(items)));
        return state(page.items());
    }

    private LiveClient.Link open(String... headers) {
        return page.connect(fixture.server.url(), headers);
    }

    @Test
    void pushesTheStateOfTheServer() {
        TaskId id = fixture.submit("fail over");
        fixture.await(id);

        open(TOKEN);

        JsonNode snapshot = stateWith(seen -> seen.at("/activities").toString().contains("failed-over"));
        assertThat(snapshot.at("/tasks/done").longValue()).isEqualTo(1);
        assertThat(snapshot.get("sessions")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(snapshot.at("/providers/1/name").textValue()).isEqualTo("ollama");
        assertThat(snapshot.at("/summary/costUsd").decimalValue()).isEqualByComparingTo("0.006");
        assertThat(snapshot.at("/latestTasks/0/id").textValue()).isEqualTo(id.toString());
        assertThat(snapshot.at("/assign/count").longValue()).isEqualTo(1);
        assertThat(snapshot.at("/latestTasks/0/title").textValue()).isEqualTo("fail over");
        assertThat(snapshot.get("activities").toString()).doesNotContain("fail over");
        assertThat(snapshot.toString()).as("the answer").doesNotContain("FAIL OVER");
    }

    @Test
    void pushesChangesAtMostTwiceASecond() {
        LiveClient.Link link = open(TOKEN);
        link.nextOf("snapshot");
        // The first change may be heard later than it was sent, but it was not sent before this.
        long begun = System.nanoTime();

        for (int i = 0; i < 20; i++) {
            fixture.await(fixture.submit("hello"));
        }

        stateWith(seen -> seen.at("/tasks/done").longValue() == 20);
        List<Long> heard = link.heardAt.subList(1, link.heardAt.size());
        long tookNanos = heard.get(heard.size() - 1) - begun;
        assertThat(heard.size() - 1).isLessThanOrEqualTo((int) (tookNanos / 450_000_000L) + 1);
    }

    @Test
    void acceptsALoginFromItsOwnPages() {
        open("Cookie", fixture.login(), "Origin", fixture.server.url(), "Sec-Fetch-Site", "same-origin");

        assertThat(stateWith(seen -> seen.has("tasks"))).isNotNull();
    }

    @Test
    void logoutClosesTheWebSocketsOfTheLogin() throws Exception {
        String cookie = fixture.login();
        LiveClient.Link link = open("Cookie", cookie, "Origin", fixture.server.url());
        link.nextOf("snapshot");

        fixture.send(fixture.anonymous("/logout")
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(link.closed.get(60, TimeUnit.SECONDS)).isEqualTo(4401);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            - | - | - | 401
            wrong | - | - | 401
            right | - | http://evil.example | 403
            right | - | null | 403
            - | login | http://evil.example | 403
            - | login | - | 403
            - | login | null | 403
            """)
    void rejectsUnknownClientsAndOtherSites(String token, String cookie, String origin, int status) {
        List<String> headers = new ArrayList<>();
        if (token != null) {
            headers.addAll(
                    List.of("Authorization", "Bearer " + (token.equals("right") ? ServerFixture.SECRET : "wrong")));
        }
        if (cookie != null) {
            headers.addAll(List.of("Cookie", fixture.login()));
        }
        if (origin != null) {
            headers.addAll(List.of("Origin", origin));
        }

        assertThatThrownBy(() -> open(headers.toArray(String[]::new)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        failure ->
                                assertThat(failure.getResponse().statusCode()).isEqualTo(status));
    }

    @Test
    void aPageBeyondTheLimitIsToldToReadInstead() throws Exception {
        try (ArchitectServer small = ArchitectServer.builder(fixture.architect, AccessToken.of(ServerFixture.SECRET))
                .port(0)
                .passwords(ServerFixture.HASHER)
                .maxLivePages(2)
                .start()) {
            List<LiveClient.Link> links = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                links.add(new LiveClient(fixture.client, "status").connect(small.url(), TOKEN));
            }
            links.forEach(link -> link.nextOf("snapshot"));

            LiveClient.Link oneMore = new LiveClient(fixture.client, "").connect(small.url(), TOKEN);

            assertThat(oneMore.closed.get(60, TimeUnit.SECONDS)).isEqualTo(4409);
            assertThat(oneMore.messages).isEmpty();
            assertThat(links).allSatisfy(link -> assertThat(link.closed).isNotDone());
        }
        JsonNode read = fixture.getJson("/api/live?topic=status");
        assertThat(read.at("/at").isTextual()).isTrue();
        assertThat(read.at("/items/0/item/tasks").isObject()).isTrue();
    }

    @Test
    void theSnapshotIsReadWhileNoPageIsOpenToo() {
        fixture.await(fixture.submit("hello"));

        assertThat(fixture.getJson("/api/live?topic=status")
                        .at("/items/0/item/tasks/done")
                        .longValue())
                .isEqualTo(1);
        fixture.await(fixture.submit("hello"));
        assertThat(fixture.getJson("/api/live?topic=status")
                        .at("/items/0/item/tasks/done")
                        .longValue())
                .isEqualTo(2);
    }

    @Test
    void disconnectsAPageThatSendsLargeMessages() throws Exception {
        LiveClient.Link link = open(TOKEN);
        link.nextOf("snapshot");

        page.sendText("x".repeat(100_000));

        assertThat(link.closed.handle((code, failure) -> "closed").get(60, TimeUnit.SECONDS))
                .isEqualTo("closed");
    }

    @Test
    void closesTheWebSocketWhenTheServerStops() throws Exception {
        LiveClient.Link link = open(TOKEN);
        link.nextOf("snapshot");

        fixture.server.close();

        assertThat(link.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1001);
    }
}
