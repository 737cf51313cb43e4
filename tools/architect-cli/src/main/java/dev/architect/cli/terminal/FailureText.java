package dev.architect.cli.terminal;

import dev.architect.error.ArchitectException;
import dev.architect.error.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** Describes in one line what went wrong. */
public final class FailureText {

    private static final String SEE = " (--verbose shows where)";

    private FailureText() {}

    /** Returns a line for each problem: a file of settings may have many. */
    public static List<String> linesOf(Throwable failure) {
        return failure instanceof InvalidFileException file
                ? file.problems().stream().map(FailureText::inOneLine).toList()
                : List.of(of(failure));
    }

    /** Returns the line, without a line break. */
    public static String of(Throwable failure) {
        return inOneLine(text(failure));
    }

    private static String inOneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ").strip();
    }

    private static String text(Throwable failure) {
        if (failure instanceof UncheckedIOException && failure.getCause() != null) {
            return text(failure.getCause());
        }
        if (failure instanceof FileSystemException file) {
            return file.getFile() == null ? named(file) : file.getFile() + ": " + reasonOf(file);
        }
        if (failure instanceof CommandFailure
                || failure instanceof ArchitectException
                || failure instanceof IllegalArgumentException
                || failure instanceof IOException) {
            return failure.getMessage() == null ? named(failure) : failure.getMessage();
        }
        return "this should not happen: " + named(failure) + SEE;
    }

    /** Returns what is wrong with a file, without its name. */
    public static String reasonOf(IOException failure) {
        return failure instanceof FileSystemException file ? reason(file) : text(failure);
    }

    private static String named(Throwable failure) {
        return failure.getMessage() == null ? "a failure without a message" : failure.getMessage();
    }

    /** The messages of the JDK often hold the name of the file only. */
    private static String reason(FileSystemException file) {
        if (file.getReason() != null) {
            return file.getReason();
        }
        if (file instanceof NoSuchFileException) {
            return "there is no such file or directory";
        }
        if (file instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (file instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        if (file instanceof NotDirectoryException) {
            return "this is no directory";
        }
        return file instanceof DirectoryNotEmptyException ? "this directory is not empty" : "reading or writing failed";
    }
}
