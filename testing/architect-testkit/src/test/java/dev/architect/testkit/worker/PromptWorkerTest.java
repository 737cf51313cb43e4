package dev.architect.testkit.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.schedule.PromptWorker;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import org.junit.jupiter.api.Test;

final class PromptWorkerTest extends WorkerContract {

    @Override
    protected Worker worker() {
        return new PromptWorker();
    }

    @Override
    protected TaskRequest possible() {
        return TaskRequest.prompt("What is the capital of France?").attribute("quality", "high");
    }

    @Override
    protected TaskRequest impossible() {
        return TaskRequest.prompt("What is the capital of France?").attribute("quality", "gigantic");
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertRefused("temperature", "hot", "temperature is 'hot', expected a number");
        assertRefused("temperature", "3.5", "temperature is 3.5, expected 0.0..2.0");
        assertRefused("maxOutputTokens", "0", "maxOutputTokens is 0, expected 1..");
        assertRefused("model", "gpt", "model is 'gpt', expected provider/model");
        assertRefused("needs", "telepathy", "needs is 'telepathy', expected one of");
        assertRefused("colour", "red", "attribute is 'colour', expected one of [maxOutputTokens, model, needs");
    }

    private void assertRefused(String name, String value, String message) {
        assertThatThrownBy(
                        () -> worker().check(TaskRequest.prompt("hello there").attribute(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
