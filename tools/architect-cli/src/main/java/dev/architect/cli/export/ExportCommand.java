package dev.architect.cli.export;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.export.ExportJob;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia export}: exports of a store, which its servers write. */
@Command(
        name = "export",
        description = {
            "Has a server of the store write a list to a file, lists such exports, downloads and deletes them.",
            "A file is kept for 24 hours. The store is the one that the configuration names, or the database of a data directory."
        })
public final class ExportCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ExportCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ExportCommand())
                .addSubcommand(ExportCreateCommand.with(terminal))
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new ExportDownloadCommand(terminal))
                .addSubcommand(new DeleteCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    static CommandFailure missing(String id) {
        return new CommandFailure("export '" + id + "' does not exist, expected one that 'gaia export list' shows");
    }

    /** {@code gaia export list}. */
    @Command(name = "list", description = "Lists the exports, the newest first.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<ExportJob> exports =
                    data.operate(architect -> architect.exports().list());
            if (json) {
                exports.forEach(export -> terminal.out().println(ExportText.json(export)));
                return 0;
            }
            if (exports.isEmpty()) {
                terminal.err().println("There is no export.");
                return 0;
            }
            TextTable table = new TextTable("Export", "Of", "Filter", "Format", "State", "Rows", "By", "Expires");
            exports.forEach(export -> table.row(
                    export.id(),
                    ExportText.of(export.subject()),
                    ExportText.filter(export.subject()),
                    ExportText.format(export.form()),
                    ExportText.state(export),
                    Long.toString(export.progress().rows()),
                    export.by(),
                    export.expiresAt().map(Instant::toString).orElse("")));
            table.lines().forEach(terminal.out()::println);
            return 0;
        }
    }

    /** {@code gaia export show}. */
    @Command(name = "show", description = "Prints how far an export is.")
    static final class ShowCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "ID", description = "The id of the export.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Option(names = "--json", description = "Prints one JSON object.")
        private boolean json;

        ShowCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            ExportJob export =
                    data.operate(architect -> architect.exports().find(id)).orElseThrow(() -> missing(id));
            terminal.out().println(json ? ExportText.json(export) : ExportText.describe(export));
            return 0;
        }
    }

    /** {@code gaia export delete}. */
    @Command(name = "delete", description = "Deletes an export with its file, also one that is being written.")
    static final class DeleteCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "ID", description = "The id of the export.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        DeleteCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            boolean wasThere = data.operate(architect -> architect.exports().delete(id));
            if (!wasThere) {
                throw missing(id);
            }
            terminal.out().println("export " + id + " is deleted");
            return 0;
        }
    }
}
