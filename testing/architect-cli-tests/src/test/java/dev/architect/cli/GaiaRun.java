package dev.architect.cli;

import dev.architect.access.PasswordHasher;
import dev.architect.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;

/** One run of {@code gaia} inside this JVM. */
record GaiaRun(int exitCode, String out, String err) {

    private static final int COLUMNS = 80;

    static GaiaRun gaia(String... arguments) {
        return gaiaReading("", arguments);
    }

    /** A run that keeps passwords as {@code passwords} does. */
    static GaiaRun gaiaWith(PasswordHasher passwords, String... arguments) {
        return run(InputStream.nullInputStream(), terminal -> Gaia.run(terminal, passwords, arguments));
    }

    static GaiaRun gaiaReading(String typed, String... arguments) {
        return gaiaReading(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), arguments);
    }

    static GaiaRun gaiaReading(InputStream piped, String... arguments) {
        return run(piped, terminal -> Gaia.run(terminal, arguments));
    }

    private static GaiaRun run(InputStream piped, ToIntFunction<Terminal> command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                piped,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                COLUMNS,
                false);
        int exitCode = command.applyAsInt(terminal);
        return new GaiaRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
