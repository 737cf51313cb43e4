package dev.architect.cli.task;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PipedText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.project.ProjectId;
import dev.architect.submission.IdempotencyKey;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Priority;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.UniqueKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia task submit}. */
@Command(
        name = "submit",
        description = {
            "Submits a prompt as a task and prints its id. A server of the data directory performs it.",
            "It is in the database when the command ends with 0."
        })
final class SubmitCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final TaskCommandOptions options = new TaskCommandOptions();

    @Parameters(
            paramLabel = "PROMPT",
            description = "The prompt, or the payload of another --type; - reads it from stdin.")
    @SuppressWarnings("NullAway.Init")
    private String text;

    @Option(names = "--type", paramLabel = "TYPE", description = "The type of the task; ${DEFAULT-VALUE} by default.")
    private String type = TaskRequest.PROMPT;

    @Option(names = "--project", paramLabel = "NAME", description = "The project that its cost is filed under.")
    private @Nullable String project;

    @Option(names = "--queue", paramLabel = "QUEUE", description = "Where it waits; default by default.")
    private @Nullable String queue;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Whom it is for; default by default.")
    private @Nullable String tenant;

    @Option(names = "--priority", paramLabel = "N", description = "0, the most urgent, to 9; 4 by default.")
    private @Nullable Integer priority;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            description = "When it becomes due, up to 366 days from now, such as 90s, 5m or 2h; at once by default.")
    private @Nullable String delay;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "An idempotency key: repeating the command submits no second task.")
    private @Nullable String key;

    @Option(
            names = "--unique-key",
            paramLabel = "KEY",
            description = "At most one unfinished task of the project has it.")
    private @Nullable String uniqueKey;

    @Option(
            names = "--on-conflict",
            paramLabel = "WHAT",
            description = "When another task has the unique key: reject (the default), existing, or replace its work.")
    private @Nullable String onConflict;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long it may wait before it starts; then it expires.")
    private @Nullable String expires;

    @Option(
            names = "--parent",
            paramLabel = "ID[:WHAT]",
            description = {
                "A task that it waits for; may be given several times.",
                "WHAT becomes of it when that one fails: block (the default), cancel, or proceed."
            })
    private List<String> parents = List.of();

    @Option(
            names = "--affinity",
            paramLabel = "KEY",
            description = "Runs it where the last task with the same key ran, where that is possible soon.")
    private @Nullable String affinity;

    @Option(
            names = "--pin",
            description = "With --affinity: on the one node that has the key, however long it waits for that.")
    private boolean isPinned;

    SubmitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        String content = text.equals("-") ? PipedText.read(terminal.in()) : text;
        TaskRequest request =
                type.equals(TaskRequest.PROMPT) ? TaskRequest.prompt(content) : TaskRequest.of(type, content);
        request = project == null ? request : request.withProject(new ProjectId(project));
        request = priority == null ? request : request.withPriority(new Priority(priority));
        request = delay == null ? request : request.withDelay(duration("--delay", delay));
        TaskRequest whole = request.withOptions(taskOptions());
        @Nullable IdempotencyKey named = key == null ? null : new IdempotencyKey(key);
        TaskHandle handle = options.with(architect ->
                named == null ? architect.submit(whole) : architect.tasks().submit(whole, named));
        terminal.out().println(handle.id());
        return 0;
    }

    private TaskOptions taskOptions() {
        TaskOptions given = TaskOptions.DEFAULT;
        given = queue == null ? given : given.withQueue(queue);
        given = tenant == null ? given : given.withTenant(tenant);
        if (uniqueKey != null) {
            given = given.withUniqueKey(new UniqueKey(uniqueKey, conflict()));
        } else if (onConflict != null) {
            throw new CommandFailure("--on-conflict is given without --unique-key, expected both");
        }
        if (isPinned && affinity == null) {
            throw new CommandFailure("--pin is given without --affinity, expected both");
        }
        if (affinity != null) {
            given = isPinned ? given.withPin(affinity) : given.withAffinity(affinity);
        }
        given = parents.isEmpty()
                ? given
                : given.withParents(parents.stream().map(SubmitCommand::parent).toList());
        return expires == null ? given : given.withExpiry(duration("--expires", expires));
    }

    private static ParentTask parent(String text) {
        String[] parts = text.split(":", 2);
        TaskId id = TaskCommandOptions.id(parts[0]);
        if (parts.length == 1) {
            return new ParentTask(id, OnFailure.BLOCK);
        }
        for (OnFailure each : OnFailure.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(parts[1])) {
                return new ParentTask(id, each);
            }
        }
        throw new CommandFailure("--parent is '" + text + "', expected block, cancel or proceed after the id");
    }

    private UniqueKey.OnConflict conflict() {
        for (UniqueKey.OnConflict each : UniqueKey.OnConflict.values()) {
            if (onConflict == null || each.name().toLowerCase(Locale.ROOT).equals(onConflict)) {
                return each;
            }
        }
        throw new CommandFailure("--on-conflict is '" + onConflict + "', expected reject, existing, replace");
    }

    /** A whole number with a unit, negative ones too: the request itself refuses those. */
    static Duration duration(String option, String given) {
        if (!given.matches("-?[0-9]{1,9}(ms|s|m|h|d)")) {
            throw new CommandFailure(option + " is '" + given + "', expected a time such as 90s, 5m or 2h");
        }
        String unit = given.replaceAll("[-0-9]", "");
        long count = Long.parseLong(given.substring(0, given.length() - unit.length()));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
