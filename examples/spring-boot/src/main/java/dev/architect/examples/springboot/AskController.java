package dev.architect.examples.springboot;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers questions at once, and as tasks that survive a restart. */
@RestController
class AskController {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Architect architect;

    AskController(Architect architect) {
        this.architect = architect;
    }

    record Question(String text) {}

    record Answer(String text, String model, String cost) {}

    record Accepted(String id) {}

    record Outcome(String state, String text) {}

    @PostMapping("/ask")
    Answer ask(@RequestBody Question question) {
        ChatResponse answer = architect.chat(ChatRequest.of(question.text()));
        return new Answer(
                answer.text(), answer.model().toString(), answer.cost().spent().toString());
    }

    @PostMapping("/tasks")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted submit(@RequestBody Question question) {
        return new Accepted(
                architect.submit(TaskRequest.prompt(question.text())).id().toString());
    }

    /** Waits for the end of the task. */
    @GetMapping("/tasks/{id}")
    Outcome result(@PathVariable String id) throws InterruptedException {
        TaskHandle task = architect
                .tasks()
                .handle(TaskId.parse(id))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        TaskResult result = task.await(LONGEST_WAIT);
        return new Outcome(result.state().name(), result.output().orElse(""));
    }
}
