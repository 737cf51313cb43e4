package dev.architect.cli.terminal;

import picocli.CommandLine.Option;

/** The option that every command has. */
public final class Help {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean asked;

    /** Whether somebody asked for help. */
    public boolean isAsked() {
        return asked;
    }
}
