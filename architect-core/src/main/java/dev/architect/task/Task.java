package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.check.ContentVersion;
import dev.architect.model.StopReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task as it stood when it was read.
 *
 * @param id its id
 * @param request what to do
 * @param state where it stands
 * @param epoch how often it was claimed; part of the fencing token of an attempt
 * @param attempt how many tries it has used, the running one included
 * @param cancelRequested whether its cancellation was requested while it runs
 * @param createdAt when it was accepted, by the store's clock
 * @param dueAt when it becomes ready, while {@link TaskState#SCHEDULED}; while it is blocked or held, the time before which it will not be ready
 *     even then; else empty
 * @param endedAt when it reached its final state, else empty
 * @param stopReason as in {@link TaskResult}
 */
public record Task(
        TaskId id,
        TaskRequest request,
        TaskState state,
        long epoch,
        int attempt,
        boolean cancelRequested,
        Instant createdAt,
        Optional<Instant> dueAt,
        Optional<Instant> endedAt,
        Optional<StopReason> stopReason) {

    /** Checks every field. */
    public Task {
        Check.notNull("id", id);
        Check.notNull("request", request);
        Check.notNull("state", state);
        Check.notNull("createdAt", createdAt);
        Check.notNull("dueAt", dueAt);
        Check.notNull("endedAt", endedAt);
        Check.notNull("stopReason", stopReason);
    }

    /**
     * A number that names what an {@linkplain dev.architect.maintenance.TaskEdit edit} can change: another one as soon as level, due time, payload,
     * attributes or parents are others, and the same when they are again what they were.
     */
    public long version() {
        List<String> texts = new ArrayList<>(List.of(
                Integer.toString(request.priority().level()),
                dueAt.map(Instant::toString).orElse(""),
                request.delay().toString(),
                request.payload()));
        new TreeMap<>(request.attributes()).forEach((name, value) -> {
            texts.add(name);
            texts.add(value);
        });
        request.options().parents().forEach(parent -> {
            texts.add(parent.id().toString());
            texts.add(parent.onFailure().name());
        });
        return ContentVersion.of(texts);
    }
}
