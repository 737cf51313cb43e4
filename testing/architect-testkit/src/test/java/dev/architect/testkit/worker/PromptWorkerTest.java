package dev.architect.testkit.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        return TaskRequest.prompt("What is the capital of France?").withAttribute("quality", "high");
    }

    @Override
    protected TaskRequest invalidRequest() {
        return TaskRequest.prompt("What is the capital of France?").withAttribute("quality", "gigantic");
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertRejected("temperature", "hot", "temperature is 'hot', expected a number");
        assertRejected("temperature", "3.5", "temperature is 3.5, expected 0.0..2.0");
        assertRejected("maxOutputTokens", "0", "maxOutputTokens is 0, expected 1..");
        assertRejected("model", "gpt", "model is 'gpt', expected provider/model");
        assertRejected("needs", "telepathy", "needs is 'telepathy', expected one of");
        assertRejected("colour", "red", "attribute is 'colour', expected one of [maxOutputTokens, model, needs");
    }

    private void assertRejected(String name, String value, String message) {
        assertThatThrownBy(
                        () -> worker().check(TaskRequest.prompt("hello there").withAttribute(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static TaskRequest task(String fields) {
        return TaskRequest.of(TaskRequest.PROMPT, "{" + fields + "}");
    }
}
