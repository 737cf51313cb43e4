package dev.architect.runtime.process;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A process that does what earlier ones have left, then begins a task of several steps, and waits at one point of it to be killed. Each step has
 * an effect outside, a file that is named by the step's key and is made once.
 */
final class StepProcess {

    /** How many steps a task has. */
    static final int STEPS = 5;

    /** How many points each step has: before its work, after its effect, and after it was recorded. */
    static final int POINTS = 3;

    /** What the process prints when it has come to its point. */
    static final String HERE = "here";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path effects;
    private final int point;
    private volatile String payload = "";

    private StepProcess(Path effects, int point) {
        this.effects = effects;
        this.point = point;
    }

    /** Runs in {@code arguments[0]}, a folder, to the point {@code arguments[1]} of a new task; without a new one when that is negative. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        new StepProcess(folder.resolve("effects"), Integer.parseInt(arguments[1])).run(folder.resolve("tasks.db"));
    }

    private void run(Path file) throws Exception {
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(file))
                .router((providers, clock) -> new NoRouter())
                .worker(new StepWorker())
                .build()) {
            for (TaskId id : architect.tasks().list(TaskQuery.newest(500)).stream()
                    .map(Task::id)
                    .toList()) {
                architect.tasks().handle(id).orElseThrow().await(PATIENCE);
            }
            if (point >= 0) {
                payload = UUID.randomUUID().toString();
                architect.tasks().submit(TaskRequest.of("steps", payload)).await(PATIENCE);
            }
        }
    }

    private void reach(String task, int step, int place) throws InterruptedException {
        if (task.equals(payload) && step * POINTS + place == point) {
            System.out.println(HERE);
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private final class StepWorker implements Worker {

        @Override
        public Set<String> types() {
            return Set.of("steps");
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            StringBuilder outputs = new StringBuilder();
            String task = context.request().payload();
            for (int i = 0; i < STEPS; i++) {
                int step = i;
                String key = context.stepKey("step " + step);
                outputs.append(context.step("step " + step, () -> {
                    reach(task, step, 0);
                    String output = UUID.randomUUID().toString();
                    affect(key, output);
                    reach(task, step, 1);
                    return output;
                }));
                reach(task, step, 2);
            }
            return outputs.toString();
        }
    }

    /** The world outside: it knows each key once, and writes down who has asked. */
    private void affect(String key, String output) throws IOException {
        String name = key.replace(':', '_').replace(' ', '_');
        Files.writeString(
                effects.resolve(name + ".asked"),
                output + "\n",
                StandardCharsets.US_ASCII,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        try {
            Files.createFile(effects.resolve(name));
        } catch (FileAlreadyExistsException earlier) {
            // It has happened before.
        }
    }

    private static final class NoRouter implements Router {

        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
