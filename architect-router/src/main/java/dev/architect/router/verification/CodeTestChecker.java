package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Accepts answers whose code passes the tests of the host: the blocks of one language ({@code ```java}) are written to files of a new
 * directory, and a command of the host runs in it. Its exit code 0 accepts, every other one rejects ({@code tests-failed}), and so does a
 * command that does not end in time ({@code tests-timeout}), which is then ended with all that it started. Without such a block, with more than 16 of them, or with more than 64 KiB of code, the
 * verdict is {@link AnswerVerdict#unsure()}.
 *
 * <p>The command runs code that a model has written, with the rights of this process and without its environment but for {@code PATH}: let
 * it confine the code, for example in a container without a network. What it prints is not kept. Blocks for as long as the command runs; safe
 * for use by several threads.
 */
public final class CodeTestChecker implements AnswerChecker {

    /** The longest time that a command may be given. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    private static final int MOST_BLOCKS = 16;
    private static final int MOST_CHARACTERS = 64 * 1024;
    private static final Pattern LANGUAGE = Pattern.compile("[a-z0-9+#-]{1,20}");
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^\\s*(?:public\\s+)?(?:(?:abstract|final|sealed|non-sealed|strictfp)\\s+)*(?:class|interface|enum|record)\\s+(\\w+)");
    private static final AnswerVerdict FAILED = AnswerVerdict.rejected("tests-failed");
    private static final AnswerVerdict TIMEOUT = AnswerVerdict.rejected("tests-timeout");

    private final String language;
    private final String suffix;
    private final List<String> command;
    private final Duration timeout;
    private final Pattern fence;

    private CodeTestChecker(String language, String suffix, List<String> command, Duration timeout) {
        this.language = language;
        this.suffix = suffix;
        this.command = command;
        this.timeout = timeout;
        this.fence = Pattern.compile(
                "(?ms)^[ \\t]*```" + Pattern.quote(language) + "[ \\t]*\\R(.*?)^[ \\t]*```[ \\t]*$",
                Pattern.CASE_INSENSITIVE);
    }

    /**
     * Returns a checker of Java code: each block is written to a file that is named after the first type in it, else {@code Block1.java} and
     * so on.
     *
     * @param command the program and its arguments, at least the program; it finds the files in its working directory
     * @param timeout above zero, at most {@link #LONGEST}
     */
    public static CodeTestChecker ofJava(List<String> command, Duration timeout) {
        return of("java", ".java", command, timeout);
    }

    /**
     * Returns a checker of another language: blocks are written to {@code block1} and so on, with a suffix.
     *
     * @param language as the blocks name it, 1 to 20 lower-case letters, digits, {@code +}, {@code #} and dashes
     * @param suffix of the files, such as {@code .py}
     */
    public static CodeTestChecker of(String language, String suffix, List<String> command, Duration timeout) {
        if (!LANGUAGE.matcher(notNull("language", language)).matches()) {
            throw new IllegalArgumentException(
                    "language is '" + language + "', expected 1 to 20 lower-case letters, digits, '+', '#' and dashes");
        }
        if (!notNull("suffix", suffix).matches("(\\.[A-Za-z0-9]{1,10})?")) {
            throw new IllegalArgumentException(
                    "suffix is '" + suffix + "', expected a dot and 1 to 10 letters and digits, or nothing");
        }
        for (String part : notNull("command", command)) {
            notNull("element of command", part);
        }
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException("command is " + command + ", expected a program and its arguments");
        }
        if (notNull("timeout", timeout).isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + ", expected above zero, at most " + LONGEST);
        }
        return new CodeTestChecker(language, suffix, List.copyOf(command), timeout);
    }

    private static <T> T notNull(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, expected a value");
        }
        return value;
    }

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        List<String> blocks = new ArrayList<>();
        int characters = 0;
        Matcher matcher = fence.matcher(answer.text());
        while (matcher.find() && blocks.size() <= MOST_BLOCKS) {
            blocks.add(matcher.group(1));
            characters += matcher.group(1).length();
        }
        if (blocks.isEmpty() || blocks.size() > MOST_BLOCKS || characters > MOST_CHARACTERS) {
            return AnswerVerdict.unsure();
        }
        try {
            Path directory = Files.createTempDirectory("answer-code");
            try {
                for (int block = 0; block < blocks.size(); block++) {
                    Files.writeString(directory.resolve(name(block, blocks.get(block))), blocks.get(block));
                }
                return run(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException failure) {
            // That the command cannot be started says nothing of the answer.
            throw new UncheckedIOException(failure);
        }
    }

    private String name(int block, String code) {
        if (language.equals("java")) {
            Matcher type = TYPE.matcher(code);
            return (type.find() ? type.group(1) : "Block" + (block + 1)) + suffix;
        }
        return String.format(Locale.ROOT, "block%d%s", block + 1, suffix);
    }

    private AnswerVerdict run(Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        String path = builder.environment().get("PATH");
        builder.environment().clear();
        if (path != null) {
            builder.environment().put("PATH", path);
        }
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return TIMEOUT;
            }
            return process.exitValue() == 0 ? AnswerVerdict.accepted() : FAILED;
        } catch (InterruptedException stop) {
            // The request is cancelled, which the router sees by the flag.
            Thread.currentThread().interrupt();
            return AnswerVerdict.unsure();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
