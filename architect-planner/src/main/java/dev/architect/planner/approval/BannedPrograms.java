package dev.architect.planner.approval;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The programs that run other programs or code, read from {@code banned-programs.txt}. Approving one by its name approves whatever
 * it is told to run. Immutable.
 */
final class BannedPrograms {

    private static final Pattern VERSION = Pattern.compile("[-0-9.]+$");

    private static final BannedPrograms STANDARD = read();

    private enum Kind {
        PROGRAM,
        ALONE,
        MODULE,
        PATTERN,
        OPTION
    }

    private record Entry(Kind kind, List<String> words) {}

    private final List<Entry> entries;

    private BannedPrograms(List<Entry> entries) {
        this.entries = entries;
    }

    static BannedPrograms standard() {
        return STANDARD;
    }

    int size() {
        return entries.size();
    }

    private static BannedPrograms read() {
        try (InputStream stream = Objects.requireNonNull(
                BannedPrograms.class.getResourceAsStream("banned-programs.txt"), "banned-programs.txt")) {
            List<Entry> entries = new ArrayList<>();
            new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> List.of(line.split(" ")))
                    .forEach(words -> entries.add(new Entry(
                            Kind.valueOf(words.get(0).toUpperCase(Locale.ROOT)), words.subList(1, words.size()))));
            return new BannedPrograms(List.copyOf(entries));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Whether every word of this program may be a command, as those of a shell or of {@code xargs} may. */
    boolean runsItsWords(String program) {
        return isNamed(program, Kind.PROGRAM) || isNamed(program, Kind.MODULE) || isNamed(program, Kind.PATTERN);
    }

    /** Whether only settings of this program may be commands, as those of Git may. */
    boolean runsItsSettings(String program) {
        return isNamed(program, Kind.ALONE);
    }

    private boolean isNamed(String program, Kind kind) {
        return entries.stream()
                .anyMatch(entry -> entry.kind() == kind
                        && entry.words().size() == 1
                        && isProgram(program, entry.words().get(0)));
    }

    private static boolean isProgram(String name, String entry) {
        return name.equals(entry) || VERSION.matcher(name).replaceFirst("").equals(entry);
    }

    /** Returns the words for which a rule that allows {@code command} is refused; empty when it is not. */
    Optional<String> refusal(RuleTarget.Command command) {
        if (command.isExact()) {
            return Optional.empty();
        }
        return entries.stream()
                .filter(entry -> isRefused(entry, command))
                .map(entry -> String.join(" ", entry.words()))
                .findFirst();
    }

    private static boolean isRefused(Entry entry, RuleTarget.Command command) {
        List<List<String>> run = command.run();
        return switch (entry.kind()) {
            case PROGRAM ->
                run.size() >= entry.words().size()
                        && begins(run, entry.words(), entry.words().size());
            case ALONE -> run.size() <= entry.words().size() && begins(run, entry.words(), run.size());
            case MODULE ->
                begins(run, entry.words(), 1)
                        && !(run.size() >= 3
                                && run.get(1).equals(List.of("-m"))
                                && run.get(2).stream().noneMatch(name -> name.startsWith("-")));
            case PATTERN ->
                begins(run, entry.words(), 1)
                        && !(command.pattern().isPresent() && command.operands().get(0) == OperandKind.PATTERN);
            case OPTION ->
                begins(run, entry.words(), 1)
                        && command.options().stream()
                                .anyMatch(option ->
                                        option.name().equals(entry.words().get(1)));
        };
    }

    private static boolean begins(List<List<String>> run, List<String> words, int count) {
        for (int index = 0; index < count; index++) {
            String word = words.get(index);
            boolean isProgram = index == 0;
            if (run.get(index).stream()
                    .noneMatch(alternative -> isProgram ? isProgram(alternative, word) : alternative.equals(word))) {
                return false;
            }
        }
        return true;
    }
}
