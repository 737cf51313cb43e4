package dev.architect.cli.cost;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cost.ReportPeriod;
import dev.architect.ledger.LedgerFormat;
import dev.architect.spend.SpendFilter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia cost export}. */
@Command(name = "export", description = "Writes every call with all of its columns, oldest first, in constant memory.")
final class CostExportCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv or jsonl; ${DEFAULT-VALUE} by default.")
    private String format = "csv";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "A new file to write to; by default what follows is printed.")
    private @Nullable Path file;

    CostExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        LedgerFormat wanted = switch (format) {
            case "csv" -> LedgerFormat.CSV;
            case "jsonl" -> LedgerFormat.JSON_LINES;
            default -> throw new CommandFailure("--format is '" + format + "', expected csv or jsonl");
        };
        SpendFilter filter = options.filter();
        ReportPeriod period = options.period();
        if (file == null) {
            Writer out = new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8));
            export(wanted, filter, period, out);
            out.flush();
            return 0;
        }
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
            long calls = export(wanted, filter, period, out);
            terminal.err().println(calls + " calls are in " + file);
            return 0;
        } catch (FileAlreadyExistsException there) {
            throw new CommandFailure("--out is " + file + ", which exists, expected a new file", there);
        }
    }

    private long export(LedgerFormat wanted, SpendFilter filter, ReportPeriod period, Writer out) throws IOException {
        try {
            return options.read(ledger -> {
                try {
                    return ledger.export(wanted, filter, period, out);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }
}
