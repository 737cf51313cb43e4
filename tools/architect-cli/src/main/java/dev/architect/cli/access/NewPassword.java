package dev.architect.cli.access;

import dev.architect.access.PasswordHasher;
import dev.architect.access.PasswordRules;
import dev.architect.cli.terminal.CommandFailure;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of commands that set a password, which is never an argument: others could read it there. */
final class NewPassword {

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "The file whose first line is the password; by default it is asked for.")
    private @Nullable Path file;

    private final PasswordHasher hasher;

    NewPassword(PasswordHasher hasher) {
        this.hasher = hasher;
    }

    /** Returns the hash of the password that is given for {@code user}. */
    String hash(String user) throws IOException {
        String password = file == null ? ask() : read(file);
        PasswordRules.refusal(password, user).ifPresent(reason -> {
            throw new CommandFailure("the password " + reason);
        });
        return hasher.hash(password);
    }

    private static String read(Path from) throws IOException {
        return Files.readString(from).lines().findFirst().orElse("");
    }

    private static String ask() {
        Console console = System.console();
        if (console == null) {
            throw new CommandFailure("--password-file is missing, expected one where nobody can be asked");
        }
        char[] first = console.readPassword("Password: ");
        char[] again = console.readPassword("Once more: ");
        if (first == null || !Arrays.equals(first, again)) {
            throw new CommandFailure("the passwords differ, expected the same twice");
        }
        return new String(first);
    }
}
