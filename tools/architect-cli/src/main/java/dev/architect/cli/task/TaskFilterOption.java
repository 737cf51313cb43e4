package dev.architect.cli.task;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.filter.Filter;
import dev.architect.filter.InvalidFilterException;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskFilterReader;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskState;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options {@code --filter} and {@code --zone}. */
public final class TaskFilterOption {

    @Option(
            names = "--filter",
            paramLabel = "FILTER",
            description = {
                "Tasks that pass, such as 'state:dead type:prompt,crawl -queue:night created:-7d': fields state, type, queue,",
                "tenant, project and created; all terms must hold, one of the values between commas, - negates."
            })
    private @Nullable String filter;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "The zone of its days; that of this machine by default.")
    private @Nullable String zone;

    /** Creates options that state nothing. */
    public TaskFilterOption() {}

    boolean isGiven() {
        return filter != null;
    }

    /** Returns which tasks an action is for; {@code states} are those named beside the filter. */
    TaskFilter filter(Set<TaskState> states, TaskAction action) {
        TaskFilterReader reader = read();
        if (!states.isEmpty() && !reader.states().isEmpty()) {
            throw new CommandFailure("--state is given beside 'state:' in --filter, expected one of them");
        }
        if (states.isEmpty() && reader.states().isEmpty() && action.kind() == TaskAction.Kind.REDRIVE) {
            // A cancelled task was ended on purpose.
            throw new CommandFailure(
                    "--filter names no state, expected such as state:dead to make ended tasks ready again");
        }
        TaskFilter tasks = reader.filter(states.isEmpty() ? action.states() : states);
        try {
            action.check(tasks);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure("--filter: " + wrong.getMessage(), wrong);
        }
        return tasks;
    }

    /** Reads the filter; without one, everything passes. */
    TaskFilterReader read() {
        try {
            return new TaskFilterReader(filter(), zone(), TimeSource.system().wallTime());
        } catch (InvalidFilterException wrong) {
            throw new CommandFailure("--" + wrong.getMessage(), wrong);
        }
    }

    /**
     * The filter as it is given; without one, everything passes.
     *
     * @throws CommandFailure when it cannot be read
     */
    public Filter filter() {
        try {
            return filter == null ? Filter.NONE : Filter.parse(filter);
        } catch (InvalidFilterException wrong) {
            throw new CommandFailure("--" + wrong.getMessage(), wrong);
        }
    }

    /**
     * The zone of its days.
     *
     * @throws CommandFailure when there is no such zone
     */
    public ZoneId zone() {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException wrong) {
            throw new CommandFailure("--zone is '" + zone + "', expected such as Europe/Berlin", wrong);
        }
    }
}
