package dev.architect.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes. Answers and results go to {@code out}, everything about the way there to {@code err}.
 *
 * @param in what is typed or piped in
 * @param out for results
 * @param err for progress and failures
 * @param outInteractive whether a person watches {@code out}
 * @param errInteractive whether a person watches {@code err}
 * @param columns the width of the window
 * @param inInteractive whether a person types {@code in}
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean outInteractive,
        boolean errInteractive,
        int columns,
        boolean inInteractive) {

    private static final int USUAL_COLUMNS = 80;

    /** Returns the terminal of the process, as the {@code gaia} script described it in system properties. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.in,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                Boolean.getBoolean("gaia.out.interactive"),
                Boolean.getBoolean("gaia.err.interactive"),
                Integer.getInteger("gaia.columns", USUAL_COLUMNS),
                Boolean.getBoolean("gaia.in.interactive"));
    }

    /** Answers may hold any character, whatever the locale is. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Whether colours are wanted on {@code err}: a person watches, and {@code NO_COLOR} is not set, or is set to nothing. */
    public boolean hasColours() {
        return hasColours(System.getenv("NO_COLOR"));
    }

    /** As stated by no-color.org (read 2026-11-27): it counts when it is there and is not empty, whatever its value is. */
    boolean hasColours(@Nullable String noColor) {
        return errInteractive && (noColor == null || noColor.isEmpty());
    }
}
