package dev.architect.cli;

import dev.architect.cli.terminal.Terminal;

/** Starts {@code gaia}. The exit code is 0 for done, 1 for a failure and 2 for a command line that makes no sense. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Gaia.run(Terminal.ofProcess(), arguments));
    }
}
