package dev.architect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.ProjectId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TaskRequestTest {

    private static final TaskRequest REQUEST = TaskRequest.prompt("What is the answer?");

    @Test
    void changesOneThingAtATime() {
        TaskRequest changed = REQUEST.withPriority(Priority.HIGH)
                .withProject(new ProjectId("alpha"))
                .withTimeout(Duration.ofSeconds(5))
                .withMaxAttempts(2)
                .withDelay(Duration.ofMinutes(1))
                .withAttribute("quality", "high")
                .withAttribute("quality", "low");

        assertThat(changed.payload()).isEqualTo(REQUEST.payload());
        assertThat(changed.priority().level()).isEqualTo(2);
        assertThat(changed.attributes()).containsOnly(Map.entry("quality", "low"));
        assertThat(REQUEST.attributes()).isEmpty();
    }

    @Test
    void namesFieldValueAndExpectation() {
        assertThatThrownBy(() -> new Priority(12)).hasMessage("priority is 12, expected 0..9");
        assertThatThrownBy(() -> REQUEST.withMaxAttempts(0)).hasMessage("maxAttempts is 0, expected 1..20");
        assertThatThrownBy(() -> REQUEST.withTimeout(Duration.ZERO))
                .hasMessage("timeout is PT0S, expected more than zero");
        assertThatThrownBy(() -> REQUEST.withTimeout(Duration.ofDays(2))).hasMessageContaining("at most one day");
        assertThatThrownBy(() -> REQUEST.withDelay(Duration.ofSeconds(-1))).hasMessageContaining("zero or more");
        assertThatThrownBy(() -> TaskRequest.prompt(" ")).hasMessage("prompt is blank, expected text");
        assertThatThrownBy(() -> TaskRequest.of("x", "y".repeat(1_000_001)))
                .hasMessage("payload has 1000001 characters, expected at most 1000000");
        assertThatThrownBy(() -> new ProjectId("No Spaces")).hasMessageContaining("'No Spaces'");
    }

    @Test
    void keepsThePayloadOutOfItsText() {
        assertThat(REQUEST.toString()).doesNotContain("answer").contains("32 characters");
    }
}
