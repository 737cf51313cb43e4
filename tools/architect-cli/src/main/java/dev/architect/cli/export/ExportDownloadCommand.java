package dev.architect.cli.export;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.export.ExportJob;
import dev.architect.job.export.Exports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia export download}. */
@Command(name = "download", description = "Writes the file of an export that is done.")
final class ExportDownloadCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(paramLabel = "ID", description = "The id of the export.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "A new file to write to, which is there whole or not at all; by default what follows is printed.")
    private @Nullable Path file;

    ExportDownloadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (file != null && Files.exists(file)) {
            throw new CommandFailure("--out is " + file + ", which exists, expected a new file");
        }
        try {
            ExportJob export = data.operate(architect -> {
                try {
                    return downloaded(architect.exports());
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            if (file != null) {
                terminal.err().println(export.progress().rows() + " rows are in " + file);
            }
            return 0;
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private ExportJob downloaded(Exports exports) throws IOException {
        ExportJob export = exports.find(id).orElseThrow(() -> ExportCommand.missing(id));
        if (export.state() != ExportJob.State.DONE) {
            throw new CommandFailure(ExportText.describe(export) + ", expected one that is done");
        }
        if (file == null) {
            write(exports, export, terminal.out());
            terminal.out().flush();
        } else {
            AtomicFile.writeBytes(file, out -> write(exports, export, out));
        }
        return export;
    }

    /** Each part is compressed by itself. */
    private static void write(Exports exports, ExportJob export, OutputStream out) throws IOException {
        for (int number = 0; number < export.progress().parts(); number++) {
            byte[] part = exports.part(export, number)
                    .orElseThrow(() -> new CommandFailure(
                            "export " + export.id() + " was deleted meanwhile, expected one that is there"));
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(part))) {
                in.transferTo(out);
            }
        }
    }
}
