package dev.architect.testkit.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.prompt.PromptTasks;
import dev.architect.prompt.PromptWorker;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import org.junit.jupiter.api.Test;

final class PromptWorkerTest extends WorkerContract {

    @Override
    protected Worker worker() {
        return new PromptWorker();
    }

    @Override
    protected TaskRequest validRequest() {
        return PromptTasks.of(ChatRequest.builder("What is the capital of France?")
                .quality(Quality.HIGH)
                .build());
    }

    @Override
    protected TaskRequest invalidRequest() {
        return task("\"prompt\":\"What is the capital of France?\",\"quality\":\"gigantic\"");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        assertRejected("\"temperature\":\"hot\"", "temperature is text, expected a number");
        assertRejected("\"temperature\":3.5", "temperature is 3.5, expected 0.0..2.0");
        assertRejected("\"maxOutputTokens\":0", "maxOutputTokens is 0, expected 1 or more");
        assertRejected("\"maxOutputTokens\":1.5", "maxOutputTokens is 1.5, expected a whole number, 1 or more");
        assertRejected("\"maxOutputTokens\":1e9999", "maxOutputTokens is 1E+9999, expected 1..2147483647");
        assertRejected("\"model\":\"gpt\"", "model is 'gpt', expected provider/model");
        assertRejected("\"needs\":[\"telepathy\"]", "needs is 'telepathy', expected one of");
        assertRejected(
                "\"colour\":\"red\"",
                "field 'colour' is unknown, expected one of [accepted, effort, maxCostUsd, maxOutputTokens");
        assertRejected("\"temprature\":1", "field 'temprature' is unknown, did you mean 'temperature'?");
        assertRejected("\"messages\":[]", "prompt and messages are both there, expected one of them");
    }

    @Test
    void rejectsAttributesAndTextThatIsNoObject() {
        assertThatThrownBy(() -> worker().check(validRequest().withAttribute("quality", "high")))
                .hasMessage("attributes of a prompt task are [quality], expected none: settings stand in the payload");
        assertThatThrownBy(() -> worker().check(TaskRequest.of(TaskRequest.PROMPT, "hello")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hello");
    }

    private void assertRejected(String field, String message) {
        assertThatThrownBy(() -> worker().check(task("\"prompt\":\"hello there\"," + field)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static TaskRequest task(String fields) {
        return TaskRequest.of(TaskRequest.PROMPT, "{" + fields + "}");
    }
}
