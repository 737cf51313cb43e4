package dev.architect.cli;

import dev.architect.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code gaia version}. */
@Command(name = "version", description = "Shows the versions of Architect and Java.")
final class VersionCommand implements Callable<Integer> {

    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        for (String line : VersionText.lines()) {
            terminal.out().println(line);
        }
        return 0;
    }
}
