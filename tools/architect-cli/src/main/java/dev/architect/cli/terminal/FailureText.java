package dev.architect.cli.terminal;

import dev.architect.error.ArchitectException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Describes in one line what went wrong. */
public final class FailureText {

    private FailureText() {}

    /** Returns the line, without a line break. */
    public static String of(Throwable failure) {
        return text(failure).replaceAll("\\s*\\R\\s*", " ").strip();
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
        return "this should not happen: " + named(failure) + " (--verbose shows where)";
    }

    /** Returns what is wrong with a file, without its name. */
    public static String reasonOf(IOException failure) {
        return failure instanceof FileSystemException file ? reason(file) : text(failure);
    }

    private static String named(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
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
        return file instanceof DirectoryNotEmptyException
                ? "this directory is not empty"
                : file.getClass().getSimpleName();
    }
}
