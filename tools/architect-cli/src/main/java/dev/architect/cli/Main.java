package dev.architect.cli;

import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;

/**
 * Starts {@code gaia}. The exit code is 0 for done, 1 for a failure, 2 for a command line that makes no sense, and 128 and the number
 * of the signal for a command that was asked to stop: 130 for Ctrl-C, 143 for SIGTERM.
 */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code = Gaia.run(Terminal.ofProcess(), arguments);
        System.exit(StopSignal.exitCode().orElse(code));
    }
}
