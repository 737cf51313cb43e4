package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.task.TaskId;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead tasks by why they died, and what lists of tasks show beside them. */
final class ServerTaskCauseTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void groupsDeadTasksByTheirCause() {
        for (int i = 0; i < 3; i++) {
            fixture.await(fixture.submit("refuse it"));
        }
        TaskId refused = fixture.submitJson("{\"prompt\":\"be refused\",\"project\":\"web\"}");
        fixture.await(refused);
        fixture.await(fixture.submit("hello"));

        JsonNode all = fixture.getJson("/api/tasks/causes");
        assertThat(all.get("examined").asInt()).isEqualTo(4);
        assertThat(all.get("complete").asBoolean()).isTrue();
        assertThat(all.at("/causes/0/cause").textValue()).isEqualTo("invalid request, ollama");
        assertThat(all.at("/causes/0/count").asInt()).isEqualTo(3);
        assertThat(all.at("/causes/0/tasks")).hasSize(3);
        assertThat(all.at("/causes/1/cause").textValue()).isEqualTo("answer refused by the model");

        JsonNode web = fixture.getJson("/api/tasks/causes?project=web");
        assertThat(web.get("causes")).hasSize(1);
        assertThat(web.at("/causes/0/tasks/0/id").textValue()).isEqualTo(refused.toString());
        assertThat(fixture.getJson("/api/tasks/causes?createdFrom=2999-01-01T00:00:00Z")
                        .get("causes"))
                .isEmpty();
    }

    @Test
    void tellsOfEachTaskWhatItCostAndWhyItDied() {
        TaskId dead = fixture.submit("refuse it");
        fixture.await(dead);
        TaskId done = fixture.submit("fail over");
        fixture.await(done);

        JsonNode outcomes = fixture.getJson("/api/tasks/outcomes?ids=" + dead + "," + done + ",0000000zz804d")
                .get("outcomes");

        assertThat(outcomes).hasSize(2);
        assertThat(outcomes.at("/0/cause").textValue()).isEqualTo("invalid request, ollama");
        assertThat(outcomes.at("/1/cause").isNull()).isTrue();
        assertThat(outcomes.at("/1/model").textValue()).isEqualTo("claude/claude-sonnet");
        assertThat(outcomes.at("/1/costUsd").decimalValue()).isEqualByComparingTo("0.006");
        assertThat(outcomes.at("/1/calls").asInt()).isEqualTo(2);
        assertThat(outcomes.at("/1/startedAt").isNull()).isFalse();
    }

    @Test
    void refusesWhatIsNoListOfIds() {
        for (String query : new String[] {
            "", "?ids=", "?ids=a,", "?ids=" + String.join(",", Collections.nCopies(101, "000000000804d"))
        }) {
            HttpResponse<String> answer = fixture.get("/api/tasks/outcomes" + query);
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(fixture.json(answer).at("/errors/0/parameter").textValue())
                    .isEqualTo("ids");
        }
        assertThat(fixture.get("/api/tasks/causes?project=Not%20One").statusCode())
                .isEqualTo(400);
    }
}
