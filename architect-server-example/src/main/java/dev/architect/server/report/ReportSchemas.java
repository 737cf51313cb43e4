package dev.architect.server.report;

import dev.architect.route.BreakerState;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.task.TaskState;
import java.util.Arrays;
import java.util.List;

/** The forms of reports on the whole. */
public final class ReportSchemas {

    /** How many tasks are in each state. */
    public static final Schema COUNTS = Schema.object()
            .required(Arrays.stream(TaskState.values()).map(EnumWords::of).toList(), Schema.integer())
            .open()
            .named("TaskCounts");

    /** A session. */
    public static final Schema SESSION = Schema.object()
            .required(List.of("name", "kind"), Schema.text())
            .required(List.of("slots", "busy"), Schema.integer())
            .open()
            .named("Session");

    /** A provider and the health of its models. */
    public static final Schema PROVIDER = Schema.object()
            .required("name", Schema.text())
            .required("breaker", Schema.words(BreakerState.class))
            .required("inFlight", Schema.integer())
            .required("models", Schema.list(Schema.text()))
            .required(
                    "goneModels",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required(List.of("since", "nextCheck"), Schema.instant())
                            .open()))
            .required(
                    "breakers",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required("state", Schema.words(BreakerState.class))
                            .required(List.of("reason", "trip"), Schema.text().orNull())
                            .required("since", Schema.instant())
                            .required(
                                    List.of("nextTrial", "tripUntil"),
                                    Schema.instant().orNull())
                            .required("suspect", Schema.truth())
                            .open()))
            .open()
            .named("Provider");

    /** A line of the activity log. */
    public static final Schema ACTIVITY = Schema.object()
            .required("sequence", Schema.integer())
            .required("at", Schema.instant())
            .required(List.of("kind", "text"), Schema.text())
            .required("task", Schema.text().orNull())
            .open()
            .named("Activity");

    /** A change of a circuit breaker. */
    static final Schema BREAKER_CHANGE = Schema.object()
            .required("at", Schema.instant())
            .required(List.of("model", "reason", "note"), Schema.text())
            .required(List.of("from", "to"), Schema.words(BreakerState.class))
            .open()
            .named("BreakerChange");

    /** What a period cost, and the same requests on the baseline model. */
    static final Schema SAVINGS = Schema.object()
            .required("period", Schema.text())
            .required(List.of("costUsd", "baselineUsd", "savedUsd", "exactUsd", "estimatedUsd"), Schema.number())
            .required("savingsPercent", Schema.number().orNull())
            .required("unpricedCalls", Schema.integer())
            .open()
            .named("Savings");

    /** What calls of a period cost. */
    public static final Schema SPEND = Schema.object()
            .required("period", Schema.text())
            .required(List.of("costUsd", "baselineUsd", "savedUsd", "exactUsd", "estimatedUsd"), Schema.number())
            .required("savingsPercent", Schema.number().orNull())
            .required(
                    List.of(
                            "unpricedCalls",
                            "calls",
                            "failedCalls",
                            "failovers",
                            "requests",
                            "inputTokens",
                            "outputTokens"),
                    Schema.integer())
            .required(
                    "byProvider",
                    Schema.list(Schema.object()
                            .required("provider", Schema.text())
                            .required(
                                    List.of(
                                            "calls",
                                            "failedCalls",
                                            "failovers",
                                            "requests",
                                            "inputTokens",
                                            "outputTokens",
                                            "unpricedCalls",
                                            "inFlight"),
                                    Schema.integer())
                            .required(
                                    List.of("costUsd", "exactUsd", "estimatedUsd", "baselineUsd", "p50Ms", "p95Ms"),
                                    Schema.number())
                            .required(
                                    "breaker", Schema.words(BreakerState.class).orNull())
                            .open()))
            .open()
            .named("SpendSummary");

    private static final Schema UP = Schema.object()
            .required("status", Schema.words("up", "degraded"))
            .required("version", Schema.text())
            .required("uptimeSeconds", Schema.integer())
            .open();

    /** Whether the server serves. */
    static final Schema HEALTH = Schema.object()
            .all(UP)
            .required("reasons", Schema.list(Schema.text()))
            .open();

    /** The state of the whole. */
    static final Schema STATUS = Schema.object()
            .all(UP)
            .required("tasks", COUNTS)
            .required("runningAttempts", Schema.integer())
            .required(
                    "engine",
                    Schema.object()
                            .required("longestSilenceMs", Schema.number())
                            .required(List.of("writtenOffWorkers", "unrecordedEnds", "keptCalls"), Schema.integer())
                            .open())
            .required("sessions", Schema.list(SESSION))
            .required("providers", Schema.list(PROVIDER))
            .required("breakerHistory", Schema.list(BREAKER_CHANGE))
            .open();

    private ReportSchemas() {}
}
