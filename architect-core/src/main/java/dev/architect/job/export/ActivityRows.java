package dev.architect.job.export;

import dev.architect.event.ActivityEntry;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportSubject;
import dev.architect.spi.ActivityStore;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Entries of the activity log, the oldest first. */
final class ActivityRows extends PagedRows<ActivityEntry> {

    private static final int PAGE = 500;
    private static final List<String> COLUMNS = List.of("sequence", "at", "kind", "task", "text");

    private final ActivityStore activity;
    private final ExportSubject.Activities subject;
    private final Instant end;

    /** What comes at {@code end} or later is not part of it, so that it ends. */
    ActivityRows(ActivityStore activity, ExportSubject.Activities subject, Instant end, ExportForm form) {
        super(form, COLUMNS, PAGE);
        this.activity = activity;
        this.subject = subject;
        this.end = end;
    }

    @Override
    List<ActivityEntry> page(Optional<String> after) {
        return activity.following(subject.kinds(), after.map(Long::parseLong).orElse(-1L), PAGE);
    }

    @Override
    String cursor(ActivityEntry entry) {
        return Long.toString(entry.sequence());
    }

    @Override
    boolean isBeyondEnd(ActivityEntry entry) {
        return !entry.at().isBefore(end);
    }

    @Override
    List<@Nullable Object> values(ActivityEntry entry) {
        return Arrays.asList(
                entry.sequence(),
                entry.at().toString(),
                entry.kind(),
                entry.task().map(TaskId::toString).orElse(null),
                entry.text());
    }
}
