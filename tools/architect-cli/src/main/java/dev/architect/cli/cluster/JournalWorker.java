package dev.architect.cli.cluster;

import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Performs the tasks of the demo: each waits for as long as its payload says, as if a model answered, and both ends are written down. */
final class JournalWorker implements Worker {

    /** The type of the tasks. */
    static final String TYPE = "cluster-demo";

    private static final int MOST_DIGITS = 6;

    private final Optional<TaskJournal> journal;
    private final TimeSource time;

    /**
     * Creates the worker.
     *
     * @param journal null for a process that only submits tasks
     */
    JournalWorker(@Nullable TaskJournal journal, TimeSource time) {
        this.journal = Optional.ofNullable(journal);
        this.time = time;
    }

    /** Returns a task that waits so long. */
    static TaskRequest task(Duration wait) {
        return TaskRequest.of(TYPE, Long.toString(wait.toMillis()));
    }

    @Override
    public Set<String> types() {
        return Set.of(TYPE);
    }

    @Override
    public void check(TaskRequest request) {
        if (!request.payload().matches("[0-9]{1," + MOST_DIGITS + "}")) {
            throw new IllegalArgumentException("payload is no number of milliseconds, expected 0..999999");
        }
    }

    @Override
    public String perform(TaskContext context) throws InterruptedException, IOException {
        TaskJournal written =
                journal.orElseThrow(() -> new IllegalStateException("there is no journal, expected one in a node"));
        written.begun(context.fencingToken());
        time.sleep(Duration.ofMillis(Long.parseLong(context.request().payload())));
        written.ended(context.fencingToken());
        return "waited " + context.request().payload() + " ms";
    }
}
