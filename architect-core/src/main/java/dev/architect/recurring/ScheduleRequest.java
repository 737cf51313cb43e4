package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.time.ZoneId;

/**
 * A schedule to keep. Immutable; its {@code with} methods return changed copies.
 *
 * @param name names it: 1 to 64 lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit
 * @param recurrence when it fires
 * @param task what is submitted each time
 * @param catchUp what becomes of instants that were missed
 */
public record ScheduleRequest(String name, Recurrence recurrence, TaskRequest task, CatchUp catchUp) {

    /** Checks every field. */
    public ScheduleRequest {
        TaskOptions.checkName("name", name);
        Check.notNull("recurrence", recurrence);
        Check.notNull("task", task);
        Check.notNull("catchUp", catchUp);
    }

    /**
     * Returns a schedule that fires by the wall clock of {@code zone}; of missed instants it fires the last.
     *
     * @throws InvalidCronException when the expression is wrong
     */
    public static ScheduleRequest cron(String name, String expression, ZoneId zone, TaskRequest task) {
        TaskOptions.checkName("name", name);
        Check.notNull("task", task);
        return new ScheduleRequest(name, Recurrence.cron(expression, zone), task, CatchUp.LAST);
    }

    /** Returns a schedule that fires each time that {@code interval} has passed; of missed instants it fires the last. */
    public static ScheduleRequest every(String name, Duration interval, TaskRequest task) {
        return new ScheduleRequest(name, Recurrence.every(interval), task, CatchUp.LAST);
    }

    /** Returns a copy that does something else about missed instants. */
    public ScheduleRequest withCatchUp(CatchUp changed) {
        return new ScheduleRequest(name, recurrence, task, changed);
    }

    /** Returns a copy that submits something else. */
    public ScheduleRequest withTask(TaskRequest changed) {
        return new ScheduleRequest(name, recurrence, changed, catchUp);
    }
}
