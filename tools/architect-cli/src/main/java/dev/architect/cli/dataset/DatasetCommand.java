package dev.architect.cli.dataset;

import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cli.terminal.Terminal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gaia dataset}: converters for recorded answers. */
@Command(name = "dataset", description = "Turns recorded answers of real models into a file for the demo.")
public final class DatasetCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private DatasetCommand() {}

    /** Returns the command with its converters. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new DatasetCommand()).addSubcommand(new Gsm8kCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which data set is missing, expected gsm8k");
    }

    /** {@code gaia dataset gsm8k}. */
    @Command(
            name = "gsm8k",
            description = {
                "Converts the recorded GSM8K answers of RouteLLM.",
                "",
                "Reads " + Gsm8kConverter.RESPONSES + " (Mixtral 8x7B as the cheap model, GPT-4 as the strong one) and "
                        + Gsm8kConverter.CONTAMINATED
                        + ", leaves out the contaminated questions, and writes one line for each"
                        + " of the others:",
                "",
                "{\"prompt\":…,\"answers\":{\"cheap\":{\"text\":…,\"correct\":…},\"strong\":{…}}}",
                "",
                "Then: gaia demo --exit --prompts FILE"
            })
    static final class Gsm8kCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Option(names = "--from", paramLabel = "DIR", required = true, description = "Where the two files are.")
        @SuppressWarnings("NullAway.Init")
        private Path from;

        @Option(names = "--to", paramLabel = "FILE", required = true, description = "The JSON Lines file to write.")
        @SuppressWarnings("NullAway.Init")
        private Path to;

        Gsm8kCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            AtomicFile.checkWritable(to);
            Gsm8kConverter.Summary summary = Gsm8kConverter.convert(from, to);
            terminal.out()
                    .printf(
                            "%s holds %,d questions; %d of %,d were left out as contaminated.%n",
                            to, summary.written(), summary.contaminated(), summary.read());
            terminal.out()
                    .printf(
                            "Correct: strong %s %%, cheap %s %%.%n",
                            percent(summary.strongCorrect(), summary.written()),
                            percent(summary.cheapCorrect(), summary.written()));
            return 0;
        }

        private static String percent(long part, long whole) {
            return whole == 0
                    ? "-"
                    : BigDecimal.valueOf(part * 100)
                            .divide(BigDecimal.valueOf(whole), 1, RoundingMode.HALF_EVEN)
                            .toPlainString();
        }
    }
}
