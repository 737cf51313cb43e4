package dev.architect.cli.access;

import dev.architect.audit.AuditCheckpoint;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditQuery;
import dev.architect.audit.AuditStore;
import dev.architect.audit.AuditVerdict;
import dev.architect.audit.AuditVerifier;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.LocalServer;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.runtime.audit.CheckpointFile;
import dev.architect.spi.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gaia audit}: shows what was done by whom, and checks that nobody has changed it. */
@Command(
        name = "audit",
        description = {
            "Shows what was done by whom, and checks that nothing of it was changed.",
            "The store is the one that the configuration names, or the database of a data directory."
        })
public final class AuditCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private AuditCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new AuditCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static AuditStore audit(Store store) {
        return store.audit()
                .orElseThrow(() -> new CommandFailure("the store keeps no audit, expected SQLite or PostgreSQL"));
    }

    /** {@code gaia audit list}. */
    @Command(name = "list", description = "Lists what was done by whom, the newest first.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "The most entries, 1 to 1000; ${DEFAULT-VALUE} by default.")
        private int limit = 50;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            if (limit < 1 || limit > AuditQuery.MAX_LIMIT) {
                throw new CommandFailure("--limit is " + limit + ", expected 1.." + AuditQuery.MAX_LIMIT);
            }
            try (Store store = data.open()) {
                TextTable table = new TextTable("Number", "At", "Actor", "Operation", "Thing", "Outcome", "Address");
                for (AuditEntry entry : audit(store).find(AuditQuery.newest(limit))) {
                    table.row(
                            Long.toString(entry.number()),
                            entry.record().at().toString(),
                            entry.record().actor(),
                            entry.record().operation(),
                            entry.record().thing(),
                            entry.record().outcome().word(),
                            entry.record().address());
                }
                table.lines().forEach(terminal.out()::println);
            }
            return 0;
        }
    }

    /** {@code gaia audit verify}. */
    @Command(
            name = "verify",
            description = "Checks the whole chain, and that it agrees with the checkpoints outside of the store.")
    static final class VerifyCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(
                names = "--checkpoints",
                paramLabel = "FILE",
                description = "The checkpoints of a server; by default those in the data directory.")
        private @Nullable Path checkpoints;

        VerifyCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Path file = checkpoints == null
                    ? data.directory().resolve(LocalServer.CHECKPOINTS)
                    : checkpoints.toAbsolutePath();
            if (checkpoints != null && !Files.exists(file)) {
                throw new CommandFailure("--checkpoints is " + file + ", expected a file that exists");
            }
            List<AuditCheckpoint> known = read(file);
            try (Store store = data.open()) {
                AuditVerdict verdict = AuditVerifier.verify(audit(store), known);
                verdict.fault().ifPresent(fault -> {
                    throw new CommandFailure("the audit is not intact: at entry " + fault.number() + " it is "
                            + fault.kind().name().toLowerCase(Locale.ROOT));
                });
                terminal.out()
                        .println("The audit is intact: " + verdict.entries() + " entries, " + verdict.checkpoints()
                                + " checkpoints.");
                if (known.isEmpty()) {
                    terminal.err().println("Without a checkpoint, a chain that was written anew looks like any other.");
                }
            }
            return 0;
        }

        private static List<AuditCheckpoint> read(Path file) {
            try {
                return new CheckpointFile(file).read();
            } catch (IllegalStateException damaged) {
                throw new CommandFailure(String.valueOf(damaged.getMessage()));
            }
        }
    }
}
