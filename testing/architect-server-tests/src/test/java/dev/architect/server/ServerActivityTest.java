package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.event.ActivityEntry;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What the activity log shows, and what it leaves out. */
final class ServerActivityTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<TaskId> submitAll(int count, String prompt) {
        String one = "{\"prompt\":\"" + prompt + "\"}";
        String body =
                IntStream.range(0, count).mapToObj(i -> one).collect(Collectors.joining(",", "{\"tasks\":[", "]}"));
        return StreamSupport.stream(
                        fixture.json(fixture.post("/api/tasks", body))
                                .get("tasks")
                                .spliterator(),
                        false)
                .map(task -> TaskId.parse(task.get("id").textValue()))
                .toList();
    }

    private List<JsonNode> activity(String query) {
        return StreamSupport.stream(
                        fixture.getJson("/api/activity" + query)
                                .get("activities")
                                .spliterator(),
                        false)
                .toList();
    }

    /** The log is written later, by another thread. */
    private void awaitKind(String kind) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (fixture.architect.activity().newest(500).stream()
                .map(ActivityEntry::kind)
                .noneMatch(kind::equals)) {
            assertThat(System.nanoTime()).as("an entry of kind " + kind).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void fiveThousandOrdinaryTasksHideNeitherAFailureNorABreaker() {
        TaskId failed = fixture.submit("refuse");
        fixture.await(failed);
        TaskId last = failed;
        for (int i = 0; i < 5; i++) {
            List<TaskId> ordinary = submitAll(1_000, "hello");
            last = ordinary.get(ordinary.size() - 1);
        }
        fixture.await(last);
        fixture.await(fixture.submit("fail over"));
        awaitKind("failed-over");

        List<JsonNode> firstPage = activity("");

        assertThat(firstPage)
                .extracting(entry -> entry.get("kind").textValue())
                .contains("task-dead", "breaker-changed", "call-failed", "failed-over")
                .doesNotContain("task-submitted", "task-done");
        assertThat(firstPage)
                .filteredOn(entry -> entry.get("kind").textValue().equals("task-dead"))
                .extracting(entry -> entry.get("task").textValue())
                .containsExactly(failed.toString());
    }

    @Test
    void aThousandFailuresHideNeitherTheFirstOfThemNorABreaker() {
        fixture.await(fixture.submit("refuse"));
        List<TaskId> failing = submitAll(1_000, "refuse it");
        failing.forEach(fixture::await);
        fixture.await(fixture.submit("fail over"));
        awaitKind("failed-over");

        assertThat(activity(""))
                .extracting(entry -> entry.get("kind").textValue())
                .contains("breaker-changed", "failed-over")
                .filteredOn("task-dead"::equals)
                .hasSizeBetween(1, 4);
    }

    @Test
    void filtersByKind() {
        fixture.await(fixture.submit("refuse"));
        fixture.await(fixture.submit("fail over"));
        awaitKind("failed-over");

        assertThat(activity("?kind=breaker-changed"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.get("text").textValue()).isEqualTo("Breaker of ollama/llama3.1 is OPEN."));
        assertThat(activity("?kind=failed-over,task-dead&limit=1"))
                .extracting(entry -> entry.get("kind").textValue())
                .containsExactly("failed-over");
        assertThat(activity("?kind=node-left")).isEmpty();
    }

    @Test
    void aFeedHoldsTheNewestActivitiesWhateverTheirText() throws Exception {
        TaskId task = TaskId.parse("0000000000007");
        String text = "a <b> & \"c\" \u0001\uD83D\uDE42";
        fixture.store
                .activity()
                .append(List.of(
                        new ActivityEntry(
                                0, Instant.parse("2026-11-01T10:00:00Z"), "type-paused", Optional.empty(), "first"),
                        new ActivityEntry(
                                0, Instant.parse("2026-11-01T11:00:00Z"), "task-dead", Optional.of(task), text)));

        HttpResponse<String> answer = fixture.get("/api/activity.atom?kind=task-dead,type-paused");
        Document feed = read(answer.body());

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/atom+xml; charset=utf-8");
        assertThat(texts(feed, "title")).containsExactly("Activity", text.replace('\u0001', '\uFFFD'), "first");
        assertThat(texts(feed, "updated"))
                .containsExactly("2026-11-01T11:00:00Z", "2026-11-01T11:00:00Z", "2026-11-01T10:00:00Z");
        assertThat(texts(feed, "id")).doesNotHaveDuplicates().hasSize(3);
        assertThat(answer.body()).contains("href=\"../tasks/" + task + "\"");
        assertThat(texts(read(fixture.get("/api/activity.atom?kind=node-left").body()), "entry"))
                .isEmpty();
        assertThat(fixture.get("/api/activity.atom?kind=gossip").statusCode()).isEqualTo(400);
    }

    private static Document read(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> texts(Document feed, String name) {
        NodeList found = feed.getElementsByTagNameNS("http://www.w3.org/2005/Atom", name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
    }

    @Test
    void pagesLeadBothWaysAndNothingComesTwiceWhileMoreIsWritten() {
        List<ActivityEntry> entries = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String kind = i % 4 == 0 ? "type-resumed" : "type-paused";
            entries.add(new ActivityEntry(0, TimeSource.system().wallTime(), kind, Optional.empty(), "entry " + i));
        }
        fixture.store.activity().append(entries);
        String kind = "?kind=type-paused&limit=4";

        JsonNode first = fixture.getJson("/api/activity" + kind);
        fixture.store.activity().append(entries.subList(1, 2));
        JsonNode second = fixture.getJson(
                "/api/activity" + kind + "&cursor=" + first.get("next").textValue());
        JsonNode third = fixture.getJson(
                "/api/activity" + kind + "&cursor=" + second.get("next").textValue());
        JsonNode back = fixture.getJson(
                "/api/activity" + kind + "&cursor=" + third.get("previous").textValue());
        JsonNode newer = fixture.getJson(
                "/api/activity" + kind + "&cursor=" + second.get("previous").textValue());

        assertThat(texts(first)).containsExactly("entry 11", "entry 10", "entry 9", "entry 7");
        assertThat(texts(second)).containsExactly("entry 6", "entry 5", "entry 3", "entry 2");
        assertThat(texts(third)).containsExactly("entry 1");
        assertThat(third.get("next").isNull()).isTrue();
        assertThat(first.get("previous").isNull()).isTrue();
        assertThat(texts(back)).isEqualTo(texts(second));
        assertThat(texts(newer)).isEqualTo(texts(first));
        // There is one more before them by now.
        assertThat(newer.get("previous").isTextual()).isTrue();
        JsonNode mismatch = fixture.json(
                fixture.get("/api/activity?cursor=" + first.get("next").textValue()));
        assertThat(mismatch.get("code").textValue()).isEqualTo("cursor-mismatch");
    }

    private static List<String> texts(JsonNode page) {
        return page.get("activities").findValuesAsText("text");
    }

    @Test
    void namesTheKindsWhenOneIsUnknown() {
        JsonNode answer = fixture.json(fixture.get("/api/activity?kind=breaker"));

        assertThat(ServerFixture.place(answer)).isEqualTo("kind");
        assertThat(answer.at("/detail").textValue())
                .startsWith("kind is 'breaker', expected one of task-dead, task-cancelled, ")
                .contains("breaker-changed");
    }
}
