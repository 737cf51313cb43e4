package dev.architect.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.ActivityLog;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.ActivityKinds;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.event.ActivityEntry;
import dev.architect.spi.Store;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia activity}: what happened, read from the data directory. */
@Command(
        name = "activity",
        description = {
            "Shows what was not ordinary, newest first: failures, failovers, circuit breakers, sessions, nodes.",
            "Reads the data directory, also while a server uses it."
        })
final class ActivityCommand implements Callable<Integer> {

    private static final int MAX_LIMIT = 500;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Only these kinds, with commas between them, such as breaker-changed,task-dead.")
    private List<String> kinds = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most entries, 1 to 500; ${DEFAULT-VALUE} by default.")
    private int limit = 50;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    ActivityCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new CommandFailure("--limit is " + limit + ", expected 1.." + MAX_LIMIT);
        }
        Set<String> wanted = ActivityKinds.checked(kinds);
        try (Store store = data.open()) {
            List<ActivityEntry> entries = new ActivityLog(store.activity()).ofKinds(wanted, Long.MAX_VALUE, limit);
            for (ActivityEntry entry : entries) {
                terminal.out().println(json ? json(entry) : line(entry));
            }
            if (entries.isEmpty() && !json) {
                terminal.err().println("Nothing" + (wanted.isEmpty() ? "" : " of that kind") + " has happened.");
            }
        }
        return 0;
    }

    private static String line(ActivityEntry entry) {
        return TIME.format(entry.at().atZone(ZoneId.systemDefault())) + "  "
                + String.format("%-17s", entry.kind()) + "  " + entry.text()
                + entry.task().map(task -> "  [" + task + "]").orElse("");
    }

    private static String json(ActivityEntry entry) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.writeValueAsString(mapper.createObjectNode()
                .put("sequence", entry.sequence())
                .put("at", entry.at().toString())
                .put("kind", entry.kind())
                .put("task", entry.task().map(Object::toString).orElse(null))
                .put("text", entry.text()));
    }
}
