package dev.architect.job.export;

import dev.architect.event.ActivityEntry;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportSubject;
import dev.architect.ledger.RowWriter;
import dev.architect.spi.ActivityStore;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Entries of the activity log, the oldest first. */
final class ActivityRows implements RowSource {

    private static final int PAGE = 500;
    private static final int PAGES = 10;
    private static final List<String> COLUMNS = List.of("sequence", "at", "kind", "task", "text");

    private final ActivityStore activity;
    private final ExportSubject.Activities subject;
    private final Instant end;
    private final ExportForm form;

    /** What comes at {@code end} or later is not part of it, so that it ends. */
    ActivityRows(ActivityStore activity, ExportSubject.Activities subject, Instant end, ExportForm form) {
        this.activity = activity;
        this.subject = subject;
        this.end = end;
        this.form = form;
    }

    @Override
    public Optional<Long> total() {
        return Optional.empty();
    }

    @Override
    public Chunk write(Optional<String> cursor, Appendable out) throws IOException {
        RowWriter rows = new RowWriter(form, COLUMNS, out);
        if (cursor.isEmpty()) {
            rows.begin();
        }
        long after = cursor.map(Long::parseLong).orElse(-1L);
        long written = 0;
        for (int page = 0; page < PAGES; page++) {
            List<ActivityEntry> found = activity.following(subject.kinds(), after, PAGE);
            for (ActivityEntry entry : found) {
                if (!entry.at().isBefore(end)) {
                    return new Chunk(written, Optional.empty());
                }
                rows.write(Arrays.asList(
                        entry.sequence(),
                        entry.at().toString(),
                        entry.kind(),
                        entry.task().map(TaskId::toString).orElse(null),
                        entry.text()));
                written++;
                after = entry.sequence();
            }
            if (found.size() < PAGE) {
                return new Chunk(written, Optional.empty());
            }
        }
        return new Chunk(written, Optional.of(Long.toString(after)));
    }
}
