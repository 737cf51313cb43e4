package dev.architect.cli.cost;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.json.JsonException;
import dev.architect.json.JsonText;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.LedgerFormat;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost archive}. */
@Command(
        name = "archive",
        description = "Writes the calls of a month to a compressed file, and deletes them from the store if wanted.")
final class CostArchiveCommand implements Callable<Integer> {

    /** Calls of one transaction: others wait for no longer than that. */
    private static final int BATCH = 200;

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(paramLabel = "MONTH", description = "The month of UTC in which the calls began, such as 2026-03.")
    @SuppressWarnings("NullAway.Init")
    private String month;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file, JSON Lines compressed with gzip; ledger-MONTH.jsonl.gz by default.")
    private @Nullable Path file;

    @Option(
            names = "--purge",
            description =
                    "Deletes the calls that the file has, also if an earlier run has written it. Sums of full hours stay.")
    private boolean isPurge;

    CostArchiveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        YearMonth which = CostOptions.month("MONTH", month);
        Path archive = file == null ? Path.of("ledger-" + which + ".jsonl.gz") : file;
        boolean isThere = Files.exists(archive);
        if (isThere && !isPurge) {
            throw new CommandFailure("--out is " + archive + ", which exists, expected a new file");
        }
        try {
            data.operate(architect -> {
                run(architect.ledger(), which, archive, isThere);
                return true;
            });
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return 0;
    }

    private void run(Ledger ledger, YearMonth which, Path archive, boolean isThere) {
        try {
            if (!isThere) {
                terminal.out().println(write(ledger, which, archive) + " calls are in " + archive);
            }
            if (isPurge) {
                // Read whole once before anything is deleted: a file that is damaged is no archive.
                long archived = read(archive, List::size);
                long deleted = read(archive, ledger::purge);
                terminal.out()
                        .println(deleted + " of " + archived
                                + " calls are deleted; those that are not added up yet stay");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long write(Ledger ledger, YearMonth which, Path archive) throws IOException {
        Path part = archive.resolveSibling(archive.getFileName() + ".part");
        long calls;
        try (FileChannel channel = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                GZIPOutputStream compressed = new GZIPOutputStream(Channels.newOutputStream(channel));
                Writer lines = new BufferedWriter(new OutputStreamWriter(compressed, StandardCharsets.UTF_8))) {
            calls = ledger.export(LedgerFormat.JSON_LINES, SpendFilter.ALL, CostOptions.ofMonth(which), lines);
            lines.flush();
            compressed.finish();
            // On the disk before anything is deleted.
            channel.force(true);
        }
        Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
        return calls;
    }

    /** What is done with some calls of the archive; returns with how many. */
    @FunctionalInterface
    private interface Batch {
        int handle(List<LedgerPosition> calls);
    }

    /** Reads the archive, and returns how many calls the batches have handled. */
    private static long read(Path archive, Batch batch) throws IOException {
        long lines = 0;
        long handled = 0;
        List<LedgerPosition> calls = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(archive)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines++;
                calls.add(position(archive, lines, line));
                if (calls.size() == BATCH) {
                    handled += batch.handle(calls);
                    calls.clear();
                }
            }
        }
        handled += batch.handle(calls);
        return handled;
    }

    private static LedgerPosition position(Path archive, long number, String line) {
        try {
            Map<String, @Nullable Object> fields = JsonText.readObject(line);
            return new LedgerPosition(
                    Instant.parse(String.valueOf(fields.get("startedAt"))), String.valueOf(fields.get("callId")));
        } catch (JsonException | DateTimeException wrong) {
            throw new CommandFailure(
                    archive + ":" + number + " is no call, expected a line that an export has written");
        }
    }
}
