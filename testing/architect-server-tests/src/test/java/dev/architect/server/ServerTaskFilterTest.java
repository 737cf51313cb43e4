package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists and operations in bulk under a filter, and cursors of pages, over HTTP. */
final class ServerTaskFilterTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private String submit(String project, String queue) {
        return fixture.json(fixture.post(
                        "/api/tasks",
                        "{'prompt':'hello','delay':'1h','project':'%s','queue':'%s'}"
                                .formatted(project, queue)
                                .replace('\'', '"')))
                .get("id")
                .textValue();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode list(String parameters) {
        HttpResponse<String> answer = fixture.get("/api/tasks?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return fixture.json(answer);
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.get("tasks").forEach(task -> ids.add(task.get("id").textValue()));
        return ids;
    }

    private JsonNode refused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = fixture.json(answer);
        assertThat(problem.get("code").textValue()).as(answer.body()).isEqualTo(code);
        return problem;
    }

    @Test
    void listsWhatPassesAFilter() {
        String night = submit("web", "night");
        String day = submit("web", "day");
        submit("other", "day");

        assertThat(ids(list("q=" + encoded("project:web -state:done,dead created:-1h"))))
                .containsExactly(day, night);
        assertThat(ids(list("q=" + encoded("queue:night,evening")))).containsExactly(night);
        assertThat(ids(list("q=-queue:day&project=web"))).containsExactly(night);
        assertThat(ids(list("q=created:2026-01-01&zone=Europe/Berlin"))).isEmpty();
    }

    @Test
    void refusesWhatIsNoFilterOfTasks() {
        JsonNode unknown = refused(fixture.get("/api/tasks?q=tipe:a"), 400, "unknown-filter");
        assertThat(unknown.get("detail").textValue()).contains("at position 1, did you mean 'type'");
        assertThat(ServerFixture.place(unknown)).isEqualTo("q");

        refused(fixture.get("/api/tasks?q=priority:1"), 400, "unknown-filter");
        refused(fixture.get("/api/tasks?q=timeout"), 400, "unknown-filter");
        refused(fixture.get("/api/tasks?q=state:"), 400, "invalid-value");
        refused(fixture.get("/api/tasks?q=state:runing"), 400, "invalid-value");
        refused(fixture.get("/api/tasks?q=type:a&type=b"), 400, "invalid-value");
        refused(fixture.get("/api/tasks?zone=Mars"), 400, "invalid-value");
    }

    @Test
    void readsPagesForwardsAndBackwards() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(submit("web", "night"));
            submit("other", "night");
        }
        Collections.reverse(all);
        String filter = "limit=3&q=" + encoded("project:web");

        JsonNode first = list(filter);
        JsonNode second = list(filter + "&cursor=" + first.get("next").textValue());
        JsonNode third = list(filter + "&cursor=" + second.get("next").textValue());
        submit("web", "night");
        JsonNode secondAgain = list(filter + "&cursor=" + third.get("previous").textValue());
        JsonNode firstAgain =
                list(filter + "&cursor=" + secondAgain.get("previous").textValue());
        JsonNode newest = list(filter + "&cursor=" + firstAgain.get("previous").textValue());

        assertThat(ids(first)).isEqualTo(all.subList(0, 3));
        assertThat(first.get("previous").isNull()).isTrue();
        assertThat(ids(second)).isEqualTo(all.subList(3, 6));
        assertThat(ids(third)).isEqualTo(all.subList(6, 7));
        assertThat(third.get("next").isNull()).isTrue();
        assertThat(ids(secondAgain)).isEqualTo(all.subList(3, 6));
        assertThat(ids(firstAgain)).isEqualTo(all.subList(0, 3));
        assertThat(ids(newest)).hasSize(1).doesNotContainAnyElementsOf(all);
        assertThat(newest.get("previous").isNull()).isTrue();
        assertThat(ids(list(filter + "&cursor=" + newest.get("next").textValue())))
                .isEqualTo(all.subList(0, 3));
    }

    @Test
    void keepsTheIdOfTheLastTaskAsAPlace() {
        String first = submit("web", "night");
        String second = submit("web", "night");

        assertThat(ids(list("before=" + second))).containsExactly(first);
        JsonNode page = list("limit=1");
        assertThat(ids(list("limit=1&before=" + page.get("next").textValue()))).containsExactly(first);
    }

    @Test
    void refusesACursorOfAnotherFilter() {
        submit("web", "night");
        submit("web", "night");
        String next = list("limit=1&q=project:web").get("next").textValue();

        assertThat(ids(list("limit=2&q=+project:%22web%22&cursor=" + next))).hasSize(1);
        refused(fixture.get("/api/tasks?q=project:other&cursor=" + next), 400, "cursor-mismatch");
        refused(fixture.get("/api/tasks?cursor=" + next), 400, "cursor-mismatch");
        refused(fixture.get("/api/tasks?q=project:web&state=dead&cursor=" + next), 400, "cursor-mismatch");
        refused(fixture.get("/api/tasks?cursor=abc"), 400, "invalid-value");
        refused(fixture.get("/api/tasks?q=project:web&before=" + next + "&cursor=" + next), 400, "invalid-value");
    }

    @Test
    void changesWhatPassesAFilter() {
        submit("web", "night");
        submit("web", "day");
        submit("other", "day");

        JsonNode held = fixture.json(actions("{'action':'hold','q':'project:web -queue:day'}"));
        JsonNode counted = fixture.json(actions("{'action':'cancel','q':'created:-1h','dryRun':true}"));
        JsonNode cancelled = fixture.json(actions("{'action':'cancel','q':'project:web','states':['held']}"));
        JsonNode redriven = fixture.json(fixture.post("/api/tasks/redrive", "{\"q\":\"state:cancelled queue:night\"}"));

        assertThat(held.get("tasks").intValue()).isEqualTo(1);
        assertThat(counted.get("tasks").intValue()).isEqualTo(3);
        assertThat(cancelled.get("tasks").intValue()).isEqualTo(1);
        assertThat(redriven.get("tasks").intValue()).isEqualTo(1);
    }

    @Test
    void refusesFiltersThatAnActionCannotMean() {
        refused(actions("{'action':'hold','q':'state:done'}"), 400, "invalid-value");
        refused(actions("{'action':'hold','q':'state:ready','states':['ready']}"), 400, "invalid-value");
        refused(actions("{'action':'hold','q':'queue:a','type':'b'}"), 400, "invalid-value");
        refused(actions("{'action':'hold','q':'label:a'}"), 400, "unknown-filter");
        assertThat(ServerFixture.place(
                        refused(fixture.post("/api/tasks/redrive", "{\"q\":\"type:a\"}"), 400, "invalid-value")))
                .isEqualTo("q");
    }

    private HttpResponse<String> actions(String body) {
        return fixture.post("/api/tasks/actions", body.replace('\'', '"'));
    }
}
