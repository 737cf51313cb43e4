package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
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

    /** One page: every complete message, and the close code. */
    private static final class Page implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> snapshots = new LinkedBlockingQueue<>();
        private final List<Long> heardAt = new ArrayList<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    heardAt.add(System.nanoTime());
                    snapshots.add(new ObjectMapper().readTree(text.toString()));
                } catch (IOException failure) {
                    closed.completeExceptionally(failure);
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.completeExceptionally(failure);
        }

        JsonNode next() {
            try {
                JsonNode snapshot = snapshots.poll(15, TimeUnit.SECONDS);
                assertThat(snapshot).as("a snapshot within 15 seconds").isNotNull();
                return snapshot;
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        }

        JsonNode nextWith(Predicate<JsonNode> wanted) {
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            JsonNode snapshot = next();
            while (!wanted.test(snapshot)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                snapshot = next();
            }
            return snapshot;
        }
    }

    private WebSocket open(Page page, String... headers) {
        WebSocket.Builder builder = fixture.client.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(URI.create(fixture.server.url().replace("http", "ws") + "/ws/live"), page)
                .join();
    }

    private WebSocket open(Page page) {
        return open(page, "Authorization", "Bearer " + ServerFixture.SECRET);
    }

    @Test
    void pushesTheStateOfTheServer() {
        TaskId id = fixture.submit("fail over");
        fixture.await(id);
        Page page = new Page();

        open(page);

        JsonNode snapshot =
                page.nextWith(seen -> seen.at("/activities").toString().contains("failed-over"));
        assertThat(snapshot.at("/tasks/done").longValue()).isEqualTo(1);
        assertThat(snapshot.get("sessions")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(snapshot.at("/providers/1/name").textValue()).isEqualTo("ollama");
        assertThat(snapshot.at("/summary/costUsd").decimalValue()).isEqualByComparingTo("0.006");
        assertThat(snapshot.at("/latestTasks/0/id").textValue()).isEqualTo(id.toString());
        assertThat(snapshot.at("/assign/count").longValue()).isEqualTo(1);
        assertThat(snapshot.at("/at").isTextual()).isTrue();
        assertThat(snapshot.at("/latestTasks/0/title").textValue()).isEqualTo("fail over");
        assertThat(snapshot.get("activities").toString()).doesNotContain("fail over");
        assertThat(snapshot.toString()).as("the answer").doesNotContain("FAIL OVER");
    }

    @Test
    void pushesChangesAtMostTwiceASecond() {
        Page page = new Page();
        open(page);
        page.next();

        for (int i = 0; i < 20; i++) {
            fixture.await(fixture.submit("hello"));
        }

        page.nextWith(seen -> seen.at("/tasks/done").longValue() == 20);
        List<Long> heard = List.copyOf(page.heardAt);
        long tookNanos = heard.get(heard.size() - 1) - heard.get(0);
        assertThat(heard.size() - 1).isLessThanOrEqualTo((int) (tookNanos / 450_000_000L) + 1);
    }

    @Test
    void acceptsALoginFromItsOwnPages() {
        Page page = new Page();

        open(page, "Cookie", fixture.login(), "Origin", fixture.server.url(), "Sec-Fetch-Site", "same-origin");

        assertThat(page.next().has("tasks")).isTrue();
    }

    @Test
    void logoutClosesTheWebSocketsOfTheLogin() throws Exception {
        String cookie = fixture.login();
        Page page = new Page();
        open(page, "Cookie", cookie, "Origin", fixture.server.url());
        page.next();

        fixture.send(fixture.anonymous("/logout")
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(page.closed.get(15, TimeUnit.SECONDS)).isEqualTo(4401);
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

        assertThatThrownBy(() -> open(new Page(), headers.toArray(String[]::new)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        failure ->
                                assertThat(failure.getResponse().statusCode()).isEqualTo(status));
    }

    @Test
    void aPageBeyondTheLimitIsToldToReadSnapshotsInstead() throws Exception {
        List<Page> pages = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            Page page = new Page();
            open(page);
            pages.add(page);
        }
        pages.forEach(Page::next);

        Page oneMore = new Page();
        open(oneMore);

        assertThat(oneMore.closed.get(15, TimeUnit.SECONDS)).isEqualTo(4409);
        assertThat(oneMore.snapshots).isEmpty();
        JsonNode snapshot = fixture.getJson("/api/live");
        assertThat(snapshot.at("/at").isTextual()).isTrue();
        assertThat(snapshot.at("/tasks").isObject()).isTrue();
        assertThat(pages).allSatisfy(page -> assertThat(page.closed).isNotDone());
    }

    @Test
    void theSnapshotIsReadWhileNoPageIsOpenToo() {
        fixture.await(fixture.submit("hello"));

        assertThat(fixture.getJson("/api/live").at("/tasks/done").longValue()).isEqualTo(1);
        fixture.await(fixture.submit("hello"));
        assertThat(fixture.getJson("/api/live").at("/tasks/done").longValue()).isEqualTo(2);
    }

    @Test
    void disconnectsAPageThatSendsLargeMessages() throws Exception {
        Page page = new Page();
        WebSocket socket = open(page);
        page.next();

        socket.sendText("x".repeat(10_000), true).join();

        assertThat(page.closed.handle((code, failure) -> "closed").get(15, TimeUnit.SECONDS))
                .isEqualTo("closed");
    }

    @Test
    void closesTheWebSocketWhenTheServerStops() throws Exception {
        Page page = new Page();
        open(page);
        page.next();

        fixture.server.close();

        assertThat(page.closed.get(15, TimeUnit.SECONDS)).isEqualTo(1001);
    }
}
