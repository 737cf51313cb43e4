package dev.architect.server.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Exports in JSON, by themselves and as jobs. */
public final class ExportView {

    /** The kind of exports as jobs. */
    public static final String KIND = "export";

    static final String PATH = "/api/exports";
    static final String OF = "of";
    static final String FORMAT = "format";
    static final String FILTER = "filter";
    static final String CALLS = "calls";
    static final String TASKS = "tasks";
    static final String ACTIVITY = "activity";
    static final String CSV = "csv";
    static final String JSON_LINES = "jsonl";

    private static final String STATE = "state";

    /** As a job, one that was deleted before its end was stopped. */
    private static final String STOPPED = "stopped";

    /** An export. */
    static final Schema EXPORT = Schema.object()
            .required(List.of("id", "by", FILTER), Schema.text())
            .required(OF, Schema.words(CALLS, TASKS, ACTIVITY))
            .required(FORMAT, Schema.words(CSV, JSON_LINES))
            .required(STATE, Schema.words(states().toList()))
            .required(
                    List.of("from", "until", "endedAt", "expiresAt"),
                    Schema.instant().orNull())
            .required("createdAt", Schema.instant())
            .required("total", Schema.integer().orNull())
            .required(List.of("rows", "bytes"), Schema.integer())
            .required(List.of("reason", "content"), Schema.text().orNull())
            .open()
            .named("Export");

    /** An export as a job. */
    public static final Schema JOB = Schema.object()
            .all(EXPORT)
            .replaced(
                    STATE,
                    Schema.words(Stream.concat(states(), Stream.of(STOPPED)).toList()))
            .required("kind", Schema.words(KIND))
            .required("startsAt", Schema.instant())
            .required(List.of("done", "skipped"), Schema.integer())
            .open()
            .named("ExportJob");

    private ExportView() {}

    private static Stream<String> states() {
        return Arrays.stream(ExportJob.State.values())
                .filter(state -> state != ExportJob.State.DELETED)
                .map(EnumWords::of);
    }

    /** The permission that reads the list which is exported. */
    static String permission(ExportSubject subject) {
        return subject.fold(calls -> "costs:r", tasks -> "tasks:r", activities -> "activity:r");
    }

    /** Whether a caller may read the list which is exported. */
    static boolean mayRead(Principal caller, ExportSubject subject) {
        return caller.may(permission(subject));
    }

    /** Whether an export is there for a caller: one that exports, and may read the list. */
    public static boolean maySee(Principal caller, ExportJob job) {
        return caller.may("exports:x") && mayRead(caller, job.subject());
    }

    static ObjectNode json(ExportJob job) {
        ObjectNode json = JsonResponseWriter.object().put("id", job.id()).put("by", job.by());
        job.subject()
                .fold(
                        calls -> json.put(OF, CALLS)
                                .put(FILTER, calls.filter().text())
                                .put("from", calls.period().from().toString())
                                .put("until", calls.period().to().toString()),
                        tasks -> json.put(OF, TASKS)
                                .put(FILTER, tasks.filter().text())
                                .putNull("from")
                                .putNull("until"),
                        activities -> json.put(OF, ACTIVITY)
                                .put(FILTER, String.join(",", new TreeSet<>(activities.kinds())))
                                .putNull("from")
                                .putNull("until"));
        return json.put(FORMAT, job.form() == ExportForm.CSV ? CSV : JSON_LINES)
                .put(STATE, EnumWords.of(job.state()))
                .put("createdAt", job.createdAt().toString())
                .put("endedAt", job.endedAt().map(Instant::toString).orElse(null))
                .put("expiresAt", job.expiresAt().map(Instant::toString).orElse(null))
                .put("total", job.total().orElse(null))
                .put("rows", job.progress().rows())
                .put("bytes", job.progress().bytes())
                .put("reason", job.reason().orElse(null))
                .put("content", job.state() == ExportJob.State.DONE ? PATH + "/" + job.id() + "/content" : null);
    }

    /** Returns an export as a job. */
    public static ObjectNode jobJson(ExportJob job) {
        ObjectNode json = json(job)
                .put("kind", KIND)
                .put("startsAt", job.createdAt().toString())
                .put("done", job.progress().rows())
                .put("skipped", 0);
        return job.state() == ExportJob.State.DELETED ? json.put(STATE, STOPPED) : json;
    }
}
